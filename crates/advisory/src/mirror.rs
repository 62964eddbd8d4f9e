//! Advisories out of a distribution's own package mirror: no vendor service is asked, so it works wherever the package
//! manager works.
//!
//! For Debian and Ubuntu: each source package that the security suite carries brings its whole changelog, and a CVE is
//! fixed in the first version that names it. Package lists are not read, since judging goes by source package. For RPM
//! distributions: the errata in the repository's `updateinfo.xml`. What comes out is one more file in the folder of kept
//! feeds, which the next build reads with the others. Vulnerabilities that nobody has fixed are invisible here.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use client::HttpClient;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::distro::{DEBIAN_RELEASES, Distro};
use model::version::deb;

use crate::build::{BuildError, BuildSummary};
use crate::database::replace;
use crate::feed::mirror::{Fix, Snapshot};
use crate::update::fetch::FetchError;
use crate::update::{self, Progress, UpdateError};

mod changelog;
mod host;
mod release;
mod rpm;
mod sources;

pub use host::{HostMirrors, host_mirrors};
pub use release::Keyring;

use release::Release;
use sources::Source;

/// Archives fetched at once: mirrors are shared with others.
const AT_ONCE: usize = 4;
/// How many reasons an error lists.
const REASONS: usize = 6;
/// Ubuntu's code names (<https://releases.ubuntu.com>).
const UBUNTU_RELEASES: [(&str, &str); 10] = [
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// The release of a distribution whose mirror is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `debian`, `ubuntu`, `almalinux`, ….
    pub id: String,
    /// Code name of a Debian or Ubuntu release; empty for others.
    pub codename: String,
    /// The release line that findings are keyed by, `debian:12`.
    pub namespace: String,
}

impl Target {
    /// Reads `debian:bookworm`, `debian:12`, `ubuntu:jammy`, `almalinux:9`.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, release) = text.split_once(':')?;
        let id = id.to_ascii_lowercase();
        let plain = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        if !plain(&id) || !plain(release) {
            return None;
        }
        let Some(releases) = releases(&id) else {
            return Some(Self { namespace: format!("{id}:{release}"), codename: String::new(), id });
        };
        let (codename, number) = releases.iter().find(|(codename, number)| *codename == release || *number == release)?;
        Some(Self { namespace: format!("{id}:{number}"), codename: (*codename).to_owned(), id })
    }

    /// The release that a root file system is of; `None` where no feed could speak of it.
    pub fn of(distro: &Distro) -> Option<Self> {
        Self::parse(&distro.namespace()?)
    }

    /// The release that this machine runs.
    pub fn host(root: &Path) -> Option<Self> {
        let text = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| fs::read_to_string(root.join(path)).ok())?;
        Self::of(&Distro::from_os_release(&text)?)
    }

    fn is_debian_like(&self) -> bool {
        !self.codename.is_empty()
    }
}

/// Code names and numbers of a distribution that publishes as Debian does.
fn releases(id: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match id {
        "debian" => Some(&DEBIAN_RELEASES),
        "ubuntu" => Some(&UBUNTU_RELEASES),
        _ => None,
    }
}

/// What is read and where it goes.
#[derive(Clone, Debug)]
pub struct MirrorOptions {
    /// The release.
    pub target: Target,
    /// Mirrors, keys and rules; see [`host_mirrors`].
    pub mirrors: HostMirrors,
    /// The folder of kept feeds, to which the snapshot is added.
    pub feeds: PathBuf,
    /// Where changelogs are kept, by the checksum of the archive they are from.
    pub cache: PathBuf,
}

/// What was read of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorSummary {
    /// `debian-mirror`, ….
    pub feed: String,
    /// The mirrors that answered.
    pub mirrors: Vec<String>,
    /// The day that the mirror's lists are of.
    pub as_of: String,
    /// Source packages read; errata files of RPM repositories.
    pub sources: usize,
    /// Fixes found.
    pub fixes: usize,
    /// What is to be known beside, in sentences.
    pub notes: Vec<String>,
}

/// A mirror that advisories cannot be taken from; what was known before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// Nobody said where the mirror is.
    #[error("no package mirror of {namespace} is known on this machine; name one with --mirror URL")]
    NoMirror {
        /// The release.
        namespace: String,
    },
    /// None of the mirrors has what is needed.
    #[error("no mirror of {what} can be used: {reasons}")]
    Unusable {
        /// The suite.
        what: String,
        /// What each said.
        reasons: String,
    },
    /// A list that no trusted key has signed.
    #[error("{file} is not trusted: {reason}")]
    Signature {
        /// The list.
        file: String,
        /// Why.
        reason: String,
    },
    /// A list that is too old to be relied on.
    #[error("{file} was valid until {until}: the mirror is not kept up to date, or somebody shows an old state of it")]
    Expired {
        /// The list.
        file: String,
        /// When it ended.
        until: Timestamp,
    },
    /// A file that is not what it should be.
    #[error("{file} cannot be used: {reason}")]
    Format {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The mirror does not answer as it should.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A file of this machine.
    #[error("{path} cannot be read or written", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The database cannot be put in place.
    #[error(transparent)]
    Update(#[from] Box<UpdateError>),
}

/// Makes an I/O error one that names the file.
fn io_at(path: &Path) -> impl Fn(io::Error) -> MirrorError + use<'_> {
    |source| MirrorError::File { path: path.to_owned(), source }
}

/// Reads the mirror and builds the database of everything that is kept, the new snapshot included.
pub fn build(
    options: &MirrorOptions,
    out: &Path,
    allow_older: bool,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<(MirrorSummary, BuildSummary), MirrorError> {
    let summary = fetch(options, client, progress)?;
    let built = update::rebuild(&options.feeds, out, allow_older, progress).map_err(Box::new)?;
    Ok((summary, built))
}

/// Reads the mirror and puts what it tells into the folder of kept feeds.
pub fn fetch(
    options: &MirrorOptions,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<MirrorSummary, MirrorError> {
    for folder in [&options.feeds, &options.cache] {
        fs::create_dir_all(folder).map_err(io_at(folder))?;
    }
    if !options.target.is_debian_like() {
        return rpm::fetch(options, client, progress);
    }
    let Target { id, codename, namespace } = &options.target;
    let mirrors = &options.mirrors;
    progress(&Progress { what: &format!("reading the package mirror of {id} {codename}"), done: 0, total: 0 });
    let mut notes = Vec::new();
    let old_suite = format!("{codename}/updates");
    let security = suite(client, &mirrors.security, &[&format!("{codename}-security"), &old_suite], options, &mut notes)?;
    let main = suite(client, &mirrors.main, &[codename], options, &mut notes)?;

    // Of each source that the security suite carries, the newest version there is: its changelog tells of all before.
    let mut newest: BTreeMap<String, (&str, Source)> = BTreeMap::new();
    for source in sources::of_suite(client, &security)? {
        take_newer(&mut newest, &security.base, source);
    }
    for source in sources::of_suite(client, &main)? {
        if newest.contains_key(&source.name) {
            take_newer(&mut newest, &main.base, source);
        }
    }
    let sources: Vec<(&str, Source)> = newest.into_values().collect();
    let (fixes, problems) = read_changelogs(client, &sources, &options.cache, progress)?;
    // A mirror that keeps part of the sources alone must not pass for one that knows of no more fixes.
    let unread = problems.len();
    notes.extend(problems.into_iter().take(REASONS));
    if unread > REASONS {
        notes.push(format!(
            "{unread} of the {} source packages could not be read from the mirror, so what they fix is not known",
            sources.len()
        ));
    }

    let as_of = Offset::UTC.to_datetime(security.date).date();
    let found = fixes.len();
    let snapshot = Snapshot::new(namespace, as_of, fixes, unread);
    let path = options.feeds.join(format!("mirror/{}.json", namespace.replace(':', "-")));
    write(&path, &serde_json::to_vec(&snapshot).map_err(|error| io_at(&path)(error.into()))?)?;
    Ok(MirrorSummary {
        feed: format!("{id}-mirror"),
        mirrors: vec![main.base.clone(), security.base.clone()],
        as_of: as_of.to_string(),
        sources: sources.len(),
        fixes: found,
        notes,
    })
}

/// Replaces a file whole, its folder made.
fn write(path: &Path, bytes: &[u8]) -> Result<(), MirrorError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_at(folder))?;
    }
    replace(path, bytes).map_err(io_at(path))
}

fn take_newer<'a>(newest: &mut BTreeMap<String, (&'a str, Source)>, base: &'a str, source: Source) {
    let older = newest
        .get(&source.name)
        .is_some_and(|(_, known)| deb::compare(&source.version, &known.version).is_none_or(std::cmp::Ordering::is_le));
    if !older {
        newest.insert(source.name.clone(), (base, source));
    }
}

/// The first of the mirrors that has one of the suites.
fn suite(
    client: &HttpClient,
    mirrors: &[String],
    suites: &[&str],
    options: &MirrorOptions,
    notes: &mut Vec<String>,
) -> Result<Release, MirrorError> {
    if mirrors.is_empty() {
        return Err(MirrorError::NoMirror { namespace: options.target.namespace.clone() });
    }
    let mut reasons = Vec::new();
    for mirror in mirrors {
        for suite in suites {
            match release::read(client, mirror, suite, &options.mirrors.keyrings, &options.cache) {
                Ok(None) => reasons.push(format!("{mirror} does not have it")),
                Ok(Some(release)) => return still_valid(release, options, notes),
                // What is reached and wrong is an attack or a fault that has to be seen; what is not reached has stand-ins.
                Err(MirrorError::Fetch(error)) => {
                    reasons.push(error.to_string());
                    break;
                }
                Err(error) => return Err(error),
            }
        }
    }
    reasons.dedup();
    reasons.truncate(REASONS);
    Err(MirrorError::Unusable { what: suites.first().copied().unwrap_or_default().to_owned(), reasons: reasons.join("; ") })
}

fn still_valid(release: Release, options: &MirrorOptions, notes: &mut Vec<String>) -> Result<Release, MirrorError> {
    if let Some(until) = release.valid_until.filter(|until| *until < Timestamp::now()) {
        let file = format!("{}InRelease", release.folder);
        if options.mirrors.check_valid_until {
            return Err(MirrorError::Expired { file, until });
        }
        notes.push(format!("{file} was valid until {until}, which this machine's apt is told not to mind"));
    }
    Ok(release)
}

/// Reads the changelogs of all sources; what one of them lacks is a note, and a mirror that fails is an error.
fn read_changelogs(
    client: &HttpClient,
    sources: &[(&str, Source)],
    cache: &Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<(Vec<Fix>, Vec<String>), MirrorError> {
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let results = Mutex::new((Vec::new(), Vec::new(), None));
    let work = || {
        while let Some((base, source)) =
            sources.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !stop.load(Ordering::Relaxed))
        {
            let outcome = sources::changelog(client, base, source, cache);
            let found = outcome.map(|text| text.map(|text| changelog::fixes(&source.name, &text)));
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            match found {
                Ok(Some(found)) => results.0.extend(found),
                Ok(None) => results.1.push(format!("{} has no changelog that can be read from {}", source.name, source.path)),
                Err(MirrorError::Format { file, reason }) => results.1.push(format!("{file} is left out: {reason}")),
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    results.2.get_or_insert(error);
                }
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(&Progress { what: "reading changelogs of source packages", done: done as u64, total: sources.len() as u64 });
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let (fixes, mut notes, error) = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    notes.sort();
    error.map_or(Ok((fixes, notes)), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (text, namespace, codename) in [
            ("debian:bookworm", "debian:12", "bookworm"),
            ("debian:12", "debian:12", "bookworm"),
            ("ubuntu:22.04", "ubuntu:22.04", "jammy"),
            ("almalinux:9", "almalinux:9", ""),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.namespace.as_str(), target.codename.as_str()), (namespace, codename), "{text}");
        }
        for text in ["debian", "debian:", "debian:nosuch", "x:../..", ":9"] {
            assert!(Target::parse(text).is_none(), "{text}");
        }
    }
}
