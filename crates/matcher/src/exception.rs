//! Exceptions on findings: what is set aside, and which exceptions have run out or fit nothing.

use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::exception::{Exception, PackageRule};
use model::finding::Finding;
use model::image::ImageInfo;
use model::purl::pattern::Pattern;
use model::secret::Secret;
use model::suppression::Suppression;

/// An exception that cannot be held against anything.
#[derive(Debug, thiserror::Error)]
pub enum ExceptionError {
    /// A path or image is no glob.
    #[error("{place}: `{glob}` is no glob; write for example /srv/** or ghcr.io/team/*")]
    Glob {
        /// Where the exception stands.
        place: String,
        /// What is there.
        glob: String,
    },
    /// A package is named by a purl that is none.
    #[error("{place}: `{purl}` is no package URL; write for example pkg:deb/debian/openssl, or the package's name")]
    Purl {
        /// Where the exception stands.
        place: String,
        /// What is there.
        purl: String,
    },
}

/// Exceptions, checked and ready.
#[derive(Debug, Default)]
pub struct Exceptions {
    all: Vec<Ready>,
}

#[derive(Debug)]
struct Ready {
    exception: Exception,
    purls: Vec<Pattern>,
    paths: Vec<GlobMatcher>,
    image: Option<GlobMatcher>,
}

impl Exceptions {
    /// Checks what is to be compared later.
    pub fn new(exceptions: Vec<Exception>) -> Result<Self, ExceptionError> {
        exceptions.into_iter().map(Ready::new).collect::<Result<_, _>>().map(|all| Self { all })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Sets aside the secrets that exceptions in force name, as [`Self::apply`] does findings.
    pub fn apply_to_secrets(&self, secrets: &mut [Secret], image: &ImageInfo, now: Timestamp) -> Vec<String> {
        let names = image_names(image);
        let about = self.all.iter().filter(|ready| ready.exception.secret.is_some() && ready.is_for(&names));
        about
            .filter_map(|ready| {
                let fitting = secrets.iter_mut().filter(|secret| ready.fits_secret(secret));
                let aside = |secret: &mut Secret, why: Suppression| secret.suppressed = Some(why.words());
                set_aside(&ready.exception, fitting, now, |secret| secret.suppressed.is_none(), aside)
            })
            .collect()
    }

    /// Sets aside the findings that exceptions in force name. Returns what is to be said of exceptions that ran out or fit
    /// nothing.
    pub fn apply(&self, findings: &mut [Finding], image: &ImageInfo, now: Timestamp) -> Vec<String> {
        let names = image_names(image);
        let about = self.all.iter().filter(|ready| ready.exception.secret.is_none() && ready.is_for(&names));
        about
            .filter_map(|ready| {
                let fitting = findings.iter_mut().filter(|finding| ready.fits(finding));
                let aside = |finding: &mut Finding, why: Suppression| finding.suppressed = Some(why);
                set_aside(&ready.exception, fitting, now, |finding| finding.suppressed.is_none(), aside)
            })
            .collect()
    }
}

/// Sets aside what fits an exception; what is to be said of it where it ran out or nothing fits.
fn set_aside<'a, T: 'a>(
    exception: &Exception,
    fitting: impl Iterator<Item = &'a mut T>,
    now: Timestamp,
    counts: impl Fn(&T) -> bool,
    aside: impl Fn(&mut T, Suppression),
) -> Option<String> {
    let mut fitting = fitting.peekable();
    let (place, subject) = (exception.place(), exception.subject());
    if let Some(date) = ran_out(exception, Offset::UTC.to_datetime(now).date()) {
        let still = if fitting.peek().is_some() { "what it named counts again" } else { "it names nothing any more" };
        return Some(format!("{place}: the exception for {subject} ended on {date}; {still}"));
    }
    if fitting.peek().is_none() {
        let what = if exception.secret.is_some() { "secret" } else { "finding" };
        return Some(format!("{place}: the exception for {subject} fits no {what}; take it out if it is no longer needed"));
    }
    for one in fitting.filter(|one| counts(one)) {
        aside(one, suppression(exception));
    }
    None
}

/// The last day of an exception, where that is past.
fn ran_out(exception: &Exception, today: Date) -> Option<Date> {
    exception.expires.filter(|last| *last < today)
}

impl Ready {
    fn new(exception: Exception) -> Result<Self, ExceptionError> {
        // In a path `*` is within one folder; `ghcr.io/team/*` means all that the team has.
        let glob = |text: &String, whole: bool| match GlobBuilder::new(text).literal_separator(!whole).build() {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(_) => Err(ExceptionError::Glob { place: exception.place(), glob: text.clone() }),
        };
        let purl = |text: &String| {
            Pattern::parse(text).ok_or_else(|| ExceptionError::Purl { place: exception.place(), purl: text.clone() })
        };
        let paths = exception.paths.iter().map(|text| glob(text, false)).collect::<Result<_, _>>()?;
        let image = exception.image.as_ref().map(|text| glob(text, true)).transpose()?;
        let purls = exception.package.purls.iter().map(purl).collect::<Result<_, _>>()?;
        Ok(Self { exception, purls, paths, image })
    }

    fn is_for(&self, names: &[String]) -> bool {
        self.image.as_ref().is_none_or(|glob| names.iter().any(|name| glob.is_match(name)))
    }

    fn fits(&self, finding: &Finding) -> bool {
        let exception = &self.exception;
        let mut ids = std::iter::once(&finding.id).chain(&finding.aliases);
        // Nothing is set aside by a rule that asks for nothing.
        (exception.id.is_some() || !exception.package.is_empty() || !self.paths.is_empty())
            && exception.id.as_ref().is_none_or(|id| ids.any(|own| own.eq_ignore_ascii_case(id)))
            && self.fits_package(&exception.package, finding)
            && exception.status.is_none_or(|status| status == finding.status)
            && (self.paths.is_empty()
                || (!finding.evidence.is_empty() && finding.evidence.iter().all(|evidence| self.fits_path(&evidence.path))))
    }

    /// An archive's member is in the archive's place; settings and history are places by their own names.
    fn fits_secret(&self, secret: &Secret) -> bool {
        self.exception.secret.as_ref().is_some_and(|id| *id == secret.rule)
            && (self.paths.is_empty()
                || (!secret.locations.is_empty() && secret.locations.iter().all(|place| self.fits_path(&place.path))))
    }

    fn fits_package(&self, rule: &PackageRule, finding: &Finding) -> bool {
        let same = |wanted: &Option<String>, had: &str| wanted.as_ref().is_none_or(|wanted| wanted == had);
        let means = |own: &Pattern| self.purls.iter().any(|purl| purl.means(own));
        // Tools differ in the case of names (`Jinja2`, `jinja2`).
        rule.name.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&finding.package))
            && same(&rule.version, &finding.version)
            && same(&rule.package_type, finding.package_type.name())
            && (self.purls.is_empty() || Pattern::parse(&finding.purl).is_some_and(|own| means(&own)))
    }

    /// Paths are written from the root of the image or, as other tools do, without the first slash.
    fn fits_path(&self, path: &str) -> bool {
        let path = path.split('!').next().unwrap_or(path);
        let bare = path.trim_start_matches('/');
        self.paths.iter().any(|glob| glob.is_match(path) || glob.is_match(bare))
    }
}

/// The names of an image that a pattern is held against: as the user wrote it, and spelled out with and without its tag.
fn image_names(image: &ImageInfo) -> Vec<String> {
    let mut names = vec![image.reference.clone()];
    if let Some(reference) = image.named() {
        names.push(format!("{}/{}", reference.registry, reference.repository));
        names.push(reference.to_string());
    }
    names.extend(image.digest.map(|digest| digest.to_string()));
    names
}

fn suppression(exception: &Exception) -> Suppression {
    Suppression {
        kind: exception.kind,
        source: exception.source.clone(),
        line: exception.line,
        id: String::new(),
        author: exception.author.clone(),
        reason: exception.reason.clone(),
        status: None,
        justification: exception.justification.clone(),
        expires: exception.expires,
    }
}
