//! Ubuntu's CVE tracker (<https://git.launchpad.net/ubuntu-cve-tracker>), of which Canonical's other feeds are made: one
//! text file per vulnerability, with a line for each release and source package.
//!
//! ```text
//! Candidate: CVE-2022-31258
//! Priority: high
//! Patches_check-mk:
//!  upstream: https://example.org/fix
//! upstream_check-mk: released (2.1.0)
//! bionic_check-mk: not-affected
//! esm-apps/bionic_check-mk: not-affected (code not present)
//! ```
//! Continued lines begin with a blank. What the states mean is in the tracker's `README`.

use std::collections::{BTreeMap, HashMap};

use model::advisory::{Advisory, Affected, End, Namespace, Range, Status};
use model::package::PackageType;
use model::severity::{Rating, Severity};
use model::version::Scheme;

use super::record::{first_sentence, title};
use super::{ParseError, Sink, rating, time};

/// Every release that the tracker has spoken of (<https://wiki.ubuntu.com/Releases>).
const RELEASES: [(&str, &str); 41] = [
    ("dapper", "6.06"),
    ("edgy", "6.10"),
    ("feisty", "7.04"),
    ("gutsy", "7.10"),
    ("hardy", "8.04"),
    ("intrepid", "8.10"),
    ("jaunty", "9.04"),
    ("karmic", "9.10"),
    ("lucid", "10.04"),
    ("maverick", "10.10"),
    ("natty", "11.04"),
    ("oneiric", "11.10"),
    ("precise", "12.04"),
    ("quantal", "12.10"),
    ("raring", "13.04"),
    ("saucy", "13.10"),
    ("trusty", "14.04"),
    ("utopic", "14.10"),
    ("vivid", "15.04"),
    ("wily", "15.10"),
    ("xenial", "16.04"),
    ("yakkety", "16.10"),
    ("zesty", "17.04"),
    ("artful", "17.10"),
    ("bionic", "18.04"),
    ("cosmic", "18.10"),
    ("disco", "19.04"),
    ("eoan", "19.10"),
    ("focal", "20.04"),
    ("groovy", "20.10"),
    ("hirsute", "21.04"),
    ("impish", "21.10"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// Fields that end in a package and are no states.
const OF_PACKAGES: [&str; 4] = ["Priority", "Patches", "Tags", "Assigned-to"];

/// A file's fields.
#[derive(Default)]
struct Fields<'t> {
    candidate: &'t str,
    published: &'t str,
    description: String,
    /// `nvd: CVSS:3.1/… [5.7 MEDIUM]`
    cvss: Vec<&'t str>,
    /// Of the vulnerability (no key), a package (`linux`) or one in a release (`linux_xenial`).
    priorities: HashMap<&'t str, &'t str>,
    /// Release, package, and the state with its note.
    states: Vec<(&'t str, &'t str, &'t str)>,
}

/// Reads one file. The tracker's repository holds its tools as well, which are passed over.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let mut path = name.rsplit('/');
    let (file, folder) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    if !is_id(file) || !["active", "retired"].contains(&folder) {
        return Ok(());
    }
    let text = String::from_utf8_lossy(bytes);
    let fields = fields(&text, file, sink);
    // One of tens of thousands of files that people write by hand is not the end of the feed.
    if !is_id(fields.candidate) {
        sink.problem(format!("{name}: it names no vulnerability"));
        return Ok(());
    }
    emit(&fields, sink);
    Ok(())
}

/// `CVE-2022-31258`, and `CVE-2013-NNN1` where none was assigned.
fn is_id(text: &str) -> bool {
    text.starts_with("CVE-") && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn fields<'t>(text: &'t str, file: &str, sink: &mut dyn Sink) -> Fields<'t> {
    let mut fields = Fields::default();
    let mut current = "";
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with(char::is_whitespace) {
            match current {
                "Description" => {
                    fields.description.push_str(line.trim());
                    fields.description.push(' ');
                }
                "CVSS" => fields.cvss.push(line.trim()),
                _ => {}
            }
            continue;
        }
        let Some((field, value)) = line.split_once(':') else {
            sink.problem(format!("{file}: `{}` is not a field", title(line)));
            continue;
        };
        let value = value.trim();
        current = field.trim();
        match (current, current.split_once('_')) {
            ("Candidate", _) => fields.candidate = value,
            ("PublicDate", _) => fields.published = value,
            ("Description", _) => fields.description = format!("{value} "),
            ("Priority", _) => {
                fields.priorities.insert("", value);
            }
            (_, Some(("Priority", package))) => {
                fields.priorities.insert(package, value);
            }
            (_, Some((release, package))) if !OF_PACKAGES.contains(&release) && !package.is_empty() => {
                fields.states.push((release, package, value));
            }
            _ => {}
        }
    }
    fields
}

fn emit(fields: &Fields<'_>, sink: &mut dyn Sink) {
    let id = fields.candidate;
    let published = time::timestamp(fields.published);
    sink.record(published.map(time::day));
    let priority = |release: &str, package: &str| {
        let of_release = fields.priorities.get(format!("{package}_{release}").as_str());
        let found = of_release.or_else(|| fields.priorities.get(package)).or_else(|| fields.priorities.get(""));
        // A reason may follow.
        found.and_then(|text| Severity::from_vendor_word(text.split_whitespace().next()?))
    };
    // Packages have levels of their own, and an advisory has one.
    let mut packages: BTreeMap<(&str, Option<Severity>), Vec<Affected>> = BTreeMap::new();
    for (release, package, text) in &fields.states {
        let namespace = match namespace(release) {
            Ok(Some(namespace)) => namespace,
            Ok(None) => continue,
            Err(()) => {
                sink.problem(format!("`{}` is no known release of Ubuntu", title(release)));
                continue;
            }
        };
        let (status, end) = match state(text) {
            State::Says(status, end) => (status, end),
            State::Nothing => continue,
            State::NoVersion => {
                sink.problem("fixes that are released without a version are not used".to_owned());
                continue;
            }
            State::Unknown => {
                sink.problem(format!("{id} in {package}: `{}` is no state of a package", title(text)));
                continue;
            }
        };
        packages.entry((package, priority(release, package))).or_default().push(Affected {
            namespace,
            kind: Some(PackageType::Deb),
            name: (*package).to_owned(),
            status,
            ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
            ..Affected::default()
        });
    }
    if packages.is_empty() {
        return;
    }
    let vectors = vectors(id, &fields.cvss, sink);
    for ((_, level), affected) in packages {
        let mut ratings = rating::ratings("ubuntu", level, [], &mut 0);
        ratings.extend(vectors.iter().cloned());
        sink.advisory(Advisory {
            id: id.to_owned(),
            title: first_sentence(&fields.description),
            url: format!("https://ubuntu.com/security/{id}"),
            published,
            ratings,
            affected,
            ..Advisory::default()
        });
    }
}

/// Vectors of others that the tracker repeats, under their names.
fn vectors(id: &str, lines: &[&str], sink: &mut dyn Sink) -> Vec<Rating> {
    let mut unreadable = 0;
    let mut ratings = Vec::new();
    for (source, rest) in lines.iter().filter_map(|line| line.split_once(": ")) {
        let is_name = source.len() <= 32 && source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        let vector = rest.split_whitespace().next().unwrap_or_default();
        ratings.extend(rating::ratings(if is_name { source } else { "ubuntu" }, None, [vector], &mut unreadable));
    }
    if unreadable > 0 {
        sink.problem(format!("{id}: {unreadable} CVSS vectors cannot be read"));
    }
    ratings
}

/// The release line. `None` for what is no release of the distribution: upstream, the release in the making, snaps, and
/// kernels and devices with archives of their own. What a subscription opens (`esm-infra/xenial`, `trusty/esm`) is a
/// channel; its validated builds (`fips/xenial`) are not what a plain package is held against.
fn namespace(release: &str) -> Result<Option<Namespace>, ()> {
    let number = |codename: &str| RELEASES.iter().find(|(known, _)| *known == codename).map(|(_, number)| *number);
    Ok(match release.split_once('/') {
        None if ["upstream", "devel", "product", "snap"].contains(&release) => None,
        None => Some(format!("ubuntu:{}", number(release).ok_or(())?)),
        Some((codename, "esm")) => Some(format!("ubuntu:{}+esm", number(codename).ok_or(())?)),
        Some(("esm-infra" | "esm-apps" | "esm-infra-legacy" | "esm-apps-legacy", codename)) => {
            Some(format!("ubuntu:{}+esm", number(codename).ok_or(())?))
        }
        Some(_) => None,
    })
}

/// What a line says of a package.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Says(Status, Option<End>),
    /// The package is not in the release.
    Nothing,
    /// There is a fix, but the line does not say which version.
    NoVersion,
    Unknown,
}

/// `released (1.1.1f-1ubuntu2.8)`, `needed`, `ignored (end of standard support, was needed)`.
fn state(text: &str) -> State {
    let (word, note) = text.split_at(text.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(text.len()));
    let note = note.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let open = |status| State::Says(status, Some(End::Open));
    match word {
        "DNE" | "N/A" | "-unlisted-" => State::Nothing,
        "not-affected" => State::Says(Status::NotAffected, None),
        "released" => version(note).map_or(State::NoVersion, |version| State::Says(Status::Affected, Some(End::Fixed(version)))),
        // The version that will bring the fix, where it is known.
        "pending" => State::Says(Status::Affected, Some(version(note).map_or(End::Open, End::Fixed))),
        "needed" | "active" | "in-progress" | "deferred" => open(Status::Affected),
        "" | "needs-triage" | "needs" => open(Status::UnderInvestigation),
        "ignored" => {
            let note = note.to_ascii_lowercase().replace('-', " ");
            let has_ended = ["end of life", "end of standard support", "out of standard support", "end of esm support"];
            open(if has_ended.iter().any(|words| note.contains(words)) { Status::EndOfLife } else { Status::WontFix })
        }
        // Once the version alone was written.
        _ => version(word).map_or(State::Unknown, |version| State::Says(Status::Affected, Some(End::Fixed(version)))),
    }
}

/// The version that a note begins with.
fn version(note: &str) -> Option<String> {
    let word = note.split([' ', ',', ';']).next()?;
    (word.starts_with(|c: char| c.is_ascii_digit()) && Scheme::Deb.compare(word, word).is_some()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases() {
        for (release, expected) in [
            ("xenial", Ok(Some("ubuntu:16.04"))),
            ("esm-infra/xenial", Ok(Some("ubuntu:16.04+esm"))),
            ("esm-infra-legacy/trusty", Ok(Some("ubuntu:14.04+esm"))),
            ("precise/esm", Ok(Some("ubuntu:12.04+esm"))),
            ("fips-updates/jammy", Ok(None)),
            ("vivid/ubuntu-core", Ok(None)),
            ("upstream", Ok(None)),
            ("devel", Ok(None)),
            ("zippy", Err(())),
            ("esm-apps/zippy", Err(())),
        ] {
            let found = namespace(release);
            assert_eq!(found.as_ref().map(Option::as_deref), expected.as_ref().map(|namespace| *namespace), "{release}");
        }
    }

    #[test]
    fn states() {
        let fixed = |version: &str| State::Says(Status::Affected, Some(End::Fixed(version.to_owned())));
        let open = |status| State::Says(status, Some(End::Open));
        for (text, expected) in [
            ("released (1.1.1f-1ubuntu2.8)", fixed("1.1.1f-1ubuntu2.8")),
            ("released (7:3.2.6-1, again)", fixed("7:3.2.6-1")),
            ("2.6.15-51.66", fixed("2.6.15-51.66")),
            ("pending (4.15.0-1087.97)", fixed("4.15.0-1087.97")),
            ("pending", open(Status::Affected)),
            ("released", State::NoVersion),
            ("released (with the next kernel)", State::NoVersion),
            ("needed", open(Status::Affected)),
            ("deferred (2024-05-02)", open(Status::Affected)),
            ("needs-triage", open(Status::UnderInvestigation)),
            ("", open(Status::UnderInvestigation)),
            ("ignored (reached end-of-life)", open(Status::EndOfLife)),
            ("ignored (end of standard support, was needed)", open(Status::EndOfLife)),
            ("ignored (too intrusive to backport)", open(Status::WontFix)),
            ("not-affected (code not present)", State::Says(Status::NotAffected, None)),
            ("DNE", State::Nothing),
            ("perhaps", State::Unknown),
        ] {
            assert_eq!(state(text), expected, "{text}");
        }
    }
}
