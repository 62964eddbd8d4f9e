//! Arch Linux's security tracker (<https://security.archlinux.org/all.json>): groups of vulnerabilities of packages.

use model::advisory::{Advisory, Affected, End, Range, Status};
use model::package::PackageType;
use model::severity::Severity;
use serde::Deserialize;

use super::record::{nullable, title};
use super::{ParseError, Sink, rating};

#[derive(Deserialize)]
struct Group {
    name: String,
    packages: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    fixed: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    #[serde(default, deserialize_with = "nullable")]
    status: String,
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    issues: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    advisories: Vec<String>,
}

/// Reads the list. `affected` there names a version known to be affected, not the first one.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    for group in serde_json::from_slice::<Vec<Group>>(bytes)? {
        sink.record(None);
        let (status, end) = match (group.status.as_str(), group.fixed.is_empty()) {
            ("Not affected", _) => (Status::NotAffected, None),
            ("Unknown", _) => (Status::UnderInvestigation, Some(End::Open)),
            // A fix that is only in testing is known and not installable by ordinary means: it is a fix all the same.
            (_, false) => (Status::Affected, Some(End::Fixed(group.fixed.clone()))),
            ("Vulnerable", true) => (Status::Affected, Some(End::Open)),
            (other, true) => {
                sink.problem(format!("{}: `{}` without a fixed version says nothing", group.name, title(other)));
                continue;
            }
        };
        let affected: Vec<Affected> = group
            .packages
            .iter()
            .map(|package| Affected {
                namespace: "arch".into(),
                kind: Some(PackageType::Alpm),
                name: package.clone(),
                status,
                ranges: end.clone().into_iter().map(|end| Range { end, ..Range::default() }).collect(),
                ..Affected::default()
            })
            .collect();
        let mut errata = group.advisories;
        let ids = if group.issues.is_empty() {
            vec![group.name.clone()]
        } else {
            errata.insert(0, group.name.clone());
            group.issues
        };
        for id in ids {
            sink.advisory(Advisory {
                url: format!("https://security.archlinux.org/{id}"),
                id,
                errata: errata.clone(),
                title: title(&group.kind),
                ratings: rating::ratings("arch", Severity::from_vendor_word(&group.severity), [], &mut 0),
                affected: affected.clone(),
                ..Advisory::default()
            });
        }
    }
    Ok(())
}
