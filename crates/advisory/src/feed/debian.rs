//! Debian's lists of advisories as its security tracker keeps them: `data/DSA/list` (the security team) and
//! `data/DLA/list` (long-term support), <https://salsa.debian.org/security-tracker-team/security-tracker>.
//!
//! ```text
//! [29 Mar 2023] DSA-5380-1 xorg-server - security update
//!     {CVE-2023-1393}
//!     [bullseye] - xorg-server 2:1.20.11-1+deb11u6
//!     NOTE: free text
//! ```
//! Packages are source packages, suites are code names. The lists know only what an advisory fixed.

use jiff::civil::Date;
use model::advisory::{Advisory, Affected, End, Range, Status};
use model::distro::debian_number;
use model::package::PackageType;

use super::record::{is_cve, title};
use super::{ParseError, Sink, time};

/// An advisory while its lines are read.
struct Erratum {
    /// `DSA-5380-1`.
    id: String,
    date: Option<Date>,
    /// What follows the id in the headline.
    text: String,
    cves: Vec<String>,
    affected: Vec<Affected>,
}

/// Reads either list.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    // Old entries are in mixed encodings; what is no UTF-8 stands in free text only.
    let text = String::from_utf8_lossy(bytes);
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(ParseError("it ends in the middle of a line".into()));
    }
    let mut erratum: Option<Erratum> = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if !line.starts_with(char::is_whitespace) {
            if let Some(done) = erratum.take() {
                emit(done, sink);
            }
            erratum = headline(line);
            if erratum.is_none() {
                sink.problem(format!("`{}` is not the headline of an advisory", title(line)));
            }
            continue;
        }
        // Lines below a headline that could not be read are part of that problem.
        let Some(erratum) = &mut erratum else { continue };
        let line = line.trim();
        if let Some(ids) = line.strip_prefix('{') {
            let ids = ids.trim_end_matches('}').split_whitespace().filter(|id| is_cve(id));
            erratum.cves.extend(ids.map(str::to_owned));
        } else if line.starts_with('[') {
            let entry = fields(line)
                .filter(|(_, _, version)| !version.starts_with('<') || ABSENT.contains(version) || state(version).is_some());
            match entry {
                Some((suite, package, version)) => erratum.affected.extend(affected(suite, package, version, erratum.date)),
                None => sink.problem(format!("{}: `{}` names no suite, package and version", erratum.id, title(line))),
            }
        }
    }
    if let Some(done) = erratum {
        emit(done, sink);
    }
    Ok(())
}

/// `[29 Mar 2023] DSA-5380-1 xorg-server - security update`
fn headline(line: &str) -> Option<Erratum> {
    let (date, rest) = line.strip_prefix('[')?.split_once(']')?;
    let (id, text) = rest.trim_start().split_once(char::is_whitespace)?;
    if !id.contains('-') {
        return None;
    }
    Some(Erratum { id: id.to_owned(), date: time::english_day(date), text: title(text), cves: Vec::new(), affected: Vec::new() })
}

/// Suite, source package and version of `[bullseye] - xorg-server 2:1.20.11-1+deb11u6`; a note may follow.
fn fields(line: &str) -> Option<(&str, &str, &str)> {
    let (suite, rest) = line.strip_prefix('[')?.split_once(']')?;
    let mut words = rest.trim_start().strip_prefix('-')?.split_whitespace();
    Some((suite, words.next()?, words.next()?))
}

/// Words in the place of a version for packages that are not in the release.
const ABSENT: [&str; 2] = ["<itp>", "<removed>"];

/// What another word in the place of a version means; `None` for words that are not known.
fn state(word: &str) -> Option<Status> {
    Some(match word {
        "<not-affected>" => Status::NotAffected,
        "<unfixed>" | "<postponed>" => Status::Affected,
        "<end-of-life>" => Status::EndOfLife,
        "<no-dsa>" | "<ignored>" => Status::WontFix,
        "<undetermined>" => Status::UnderInvestigation,
        _ => return None,
    })
}

/// The package of one line; `None` where it is in no release that is known.
fn affected(suite: &str, package: &str, version: &str, date: Option<Date>) -> Option<Affected> {
    let suite = suite.trim_end_matches("-lts");
    let number = debian_number(suite).or((suite == "sid").then_some("sid"))?;
    if ABSENT.contains(&version) {
        return None;
    }
    let (status, end) = match state(version) {
        Some(Status::NotAffected) => (Status::NotAffected, None),
        Some(status) => (status, Some(End::Open)),
        None => (Status::Affected, Some(End::Fixed(version.to_owned()))),
    };
    let fixed = matches!(end, Some(End::Fixed(_)));
    Some(Affected {
        namespace: format!("debian:{number}"),
        kind: Some(PackageType::Deb),
        name: package.to_owned(),
        status,
        ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
        fixed_at: date.filter(|_| fixed).and_then(time::start_of),
        ..Affected::default()
    })
}

/// One advisory per CVE; the erratum's own id where it names none.
fn emit(erratum: Erratum, sink: &mut dyn Sink) {
    sink.record(erratum.date);
    let Erratum { id, date, text, mut cves, affected } = erratum;
    if affected.is_empty() {
        return;
    }
    cves.sort_unstable();
    cves.dedup();
    if cves.is_empty() {
        sink.advisory(Advisory {
            url: format!("https://security-tracker.debian.org/tracker/{id}"),
            id,
            title: text,
            published: date.and_then(time::start_of),
            affected,
            ..Advisory::default()
        });
        return;
    }
    for cve in cves {
        sink.advisory(Advisory {
            url: format!("https://security-tracker.debian.org/tracker/{cve}"),
            id: cve,
            errata: vec![id.clone()],
            affected: affected.clone(),
            ..Advisory::default()
        });
    }
}
