//! Debian's security tracker as JSON (<https://security-tracker.debian.org/tracker/data/json>): for each source package and
//! vulnerability the state in every supported release, fixed or not.

use std::collections::BTreeMap;

use model::advisory::{Advisory, Affected, End, Range, Status};
use model::distro::debian_number;
use model::package::PackageType;
use model::severity::{Rating, Severity};
use serde::{Deserialize, Deserializer};

use super::record::{first_sentence, nullable, title};
use super::{ParseError, Sink};

#[derive(Deserialize)]
struct Issue {
    #[serde(default, deserialize_with = "nullable")]
    description: String,
    /// By suite; an empty list where there are none.
    #[serde(default, deserialize_with = "by_suite")]
    releases: BTreeMap<String, Release>,
}

#[derive(Deserialize)]
struct Release {
    status: String,
    #[serde(default, deserialize_with = "nullable")]
    fixed_version: String,
    #[serde(default, deserialize_with = "nullable")]
    urgency: String,
    /// Why there will be no advisory; present only then.
    #[serde(default)]
    nodsa: Option<String>,
    /// `ignored`, `postponed`, or empty.
    #[serde(default, deserialize_with = "nullable")]
    nodsa_reason: String,
}

fn by_suite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Release>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Releases {
        Map(BTreeMap<String, Release>),
        None([(); 0]),
    }
    Ok(match Releases::deserialize(deserializer)? {
        Releases::Map(releases) => releases,
        Releases::None([]) => BTreeMap::new(),
    })
}

/// Reads the document.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let packages: BTreeMap<String, BTreeMap<String, Issue>> = serde_json::from_slice(bytes)?;
    for (package, issues) in packages {
        for (id, issue) in issues {
            sink.record(None);
            let mut affected = Vec::new();
            let mut worst = None;
            for (suite, release) in &issue.releases {
                worst = worst.max(urgency(&release.urgency));
                let Some(number) = debian_number(suite).or((suite == "sid").then_some("sid")) else { continue };
                match state(release) {
                    Some((status, end)) => affected.push(Affected {
                        namespace: format!("debian:{number}"),
                        kind: Some(PackageType::Deb),
                        name: package.clone(),
                        status,
                        ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
                        ..Affected::default()
                    }),
                    None => sink.problem(format!("{id} in {package}: `{}` is no state of an issue", title(&release.status))),
                }
            }
            if !affected.is_empty() {
                sink.advisory(Advisory {
                    title: first_sentence(&issue.description),
                    url: format!("https://security-tracker.debian.org/tracker/{id}"),
                    ratings: worst
                        .map(|level| Rating { source: "debian".into(), level: Some(level), cvss: None })
                        .into_iter()
                        .collect(),
                    id,
                    affected,
                    ..Advisory::default()
                });
            }
        }
    }
    Ok(())
}

/// What a release says. Fixed version `0`: the vulnerable code was never there.
fn state(release: &Release) -> Option<(Status, Option<End>)> {
    Some(match release.status.as_str() {
        "resolved" if release.fixed_version == "0" => (Status::NotAffected, None),
        "resolved" if !release.fixed_version.is_empty() => (Status::Affected, Some(End::Fixed(release.fixed_version.clone()))),
        "open" if release.urgency == "end-of-life" => (Status::EndOfLife, Some(End::Open)),
        // A postponed fix comes with the next advisory or point release.
        "open" if release.nodsa.is_some() && release.nodsa_reason != "postponed" => (Status::WontFix, Some(End::Open)),
        "open" => (Status::Affected, Some(End::Open)),
        "undetermined" => (Status::UnderInvestigation, Some(End::Open)),
        _ => return None,
    })
}

/// The security team's word; stars mark those that were set by hand, `not yet assigned` and `end-of-life` are none.
fn urgency(word: &str) -> Option<Severity> {
    Severity::from_vendor_word(word.trim_end_matches('*'))
}
