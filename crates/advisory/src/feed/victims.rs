//! The Victims CVE database (<https://github.com/victims/victims-cve-db>): old vulnerabilities of Java and Python packages,
//! one YAML file each. No longer kept up.

use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use serde::Deserialize;

use super::osv::ecosystem::normalised;
use super::record::{nullable, title};
use super::{ParseError, Sink, yaml};

#[derive(Deserialize)]
struct Record {
    cve: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    affected: Vec<Package>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default, deserialize_with = "nullable")]
    group_id: String,
    #[serde(default, deserialize_with = "nullable")]
    artifact_id: String,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    version: Vec<String>,
}

/// Reads one record.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = yaml::from_slice(bytes)?;
    sink.record(None);
    let mut affected = Vec::new();
    for package in record.affected {
        let (namespace, kind, full) = if package.group_id.is_empty() {
            ("pypi", PackageType::Pypi, normalised(PackageType::Pypi, &package.name))
        } else {
            ("maven", PackageType::Maven, format!("{}:{}", package.group_id, package.artifact_id))
        };
        let mut ranges = Vec::new();
        for text in &package.version {
            match range(text) {
                Some(range) => ranges.push(range),
                None => sink.problem(format!("{name}: `{}` is not a range of versions", title(text))),
            }
        }
        if !ranges.is_empty() && !full.is_empty() {
            affected.push(Affected { namespace: namespace.into(), kind: Some(kind), name: full, ranges, ..Affected::default() });
        }
    }
    if affected.is_empty() {
        return Ok(());
    }
    sink.advisory(Advisory {
        id: format!("CVE-{}", record.cve.trim_start_matches("CVE-")),
        title: title(&record.title),
        url: record.references.first().cloned().unwrap_or_default(),
        affected,
        ..Advisory::default()
    });
    Ok(())
}

/// `<=1.2,1`: at or below 1.2, within the branch 1 (1, 1.0, 1.1.5, …). The branch may be missing.
fn range(text: &str) -> Option<Range> {
    let (bound, branch) = text.split_once(',').map_or((text, ""), |(bound, branch)| (bound.trim(), branch.trim()));
    let branch_end = next_branch(branch);
    let floor = (!branch.is_empty()).then(|| branch.to_owned());
    let (operator, version) = bound.split_at_checked(bound.find(|c: char| c.is_ascii_alphanumeric())?)?;
    let version = version.trim().to_owned();
    let (introduced, after, end) = match operator.trim() {
        "<=" => (floor, None, End::LastAffected(version)),
        "<" => (floor, None, End::Fixed(version)),
        "==" | "=" | "" => (Some(version.clone()), None, End::LastAffected(version)),
        ">=" => (Some(version), None, branch_end.map_or(End::Open, End::Fixed)),
        ">" => (None, Some(version), branch_end.map_or(End::Open, End::Fixed)),
        _ => return None,
    };
    Some(Range { introduced, after, end })
}

/// The first version of the branch after this one: `2.1` for `2.0`.
fn next_branch(branch: &str) -> Option<String> {
    let (head, last) = branch.rsplit_once('.').map_or(("", branch), |(head, last)| (head, last));
    let next = last.parse::<u32>().ok()?.checked_add(1)?;
    Some(if head.is_empty() { next.to_string() } else { format!("{head}.{next}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let made = |introduced: Option<&str>, end| Range { introduced: introduced.map(str::to_owned), after: None, end };
        for (text, expected) in [
            ("<=1.2,1", Some(made(Some("1"), End::LastAffected("1.2".into())))),
            ("<=0.4.1", Some(made(None, End::LastAffected("0.4.1".into())))),
            (">=0.5,0", Some(made(Some("0.5"), End::Fixed("1".into())))),
            (">=2.1.3,2.1", Some(made(Some("2.1.3"), End::Fixed("2.2".into())))),
            ("==1.0.RC1", Some(made(Some("1.0.RC1"), End::LastAffected("1.0.RC1".into())))),
            ("~>1", None),
            ("", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }
}
