//! The Victims CVE database (<https://github.com/victims/victims-cve-db>): old vulnerabilities of Java and Python packages,
//! one YAML file each. No longer kept up.

use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::version::Scheme;
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
    #[serde(default, deserialize_with = "nullable")]
    fixedin: Vec<String>,
}

/// Reads one record.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = yaml::from_slice(bytes)?;
    sink.record(None);
    let mut affected = Vec::new();
    for package in record.affected {
        let (namespace, kind, full, scheme) = if package.group_id.is_empty() {
            ("pypi", PackageType::Pypi, normalised(PackageType::Pypi, &package.name), Scheme::Pypi)
        } else {
            ("maven", PackageType::Maven, format!("{}:{}", package.group_id, package.artifact_id), Scheme::Maven)
        };
        let mut read = |texts: &[String]| {
            let mut bounds = Vec::with_capacity(texts.len());
            for text in texts {
                match bound(text) {
                    Some(bound) => bounds.push(bound),
                    None => sink.problem(format!("{name}: `{}` is not a range of versions", title(text))),
                }
            }
            bounds
        };
        let (affected_bounds, fixed_bounds) = (read(&package.version), read(&package.fixedin));
        let ranges = ranges(&affected_bounds, &fixed_bounds, scheme);
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
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    operator: Operator,
    version: String,
    branch: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    AtMost,
    Below,
    Equal,
    AtLeast,
    Above,
}

fn bound(text: &str) -> Option<Bound> {
    let (bound, branch) = text.split_once(',').map_or((text, ""), |(bound, branch)| (bound.trim(), branch.trim()));
    let (operator, version) = bound.split_at_checked(bound.find(|c: char| c.is_ascii_alphanumeric())?)?;
    let operator = match operator.trim() {
        "<=" => Operator::AtMost,
        "<" => Operator::Below,
        "==" | "=" | "" => Operator::Equal,
        ">=" => Operator::AtLeast,
        ">" => Operator::Above,
        _ => return None,
    };
    Some(Bound { operator, version: version.trim().to_owned(), branch: branch.to_owned() })
}

/// The intervals. A lower and an upper bound of one branch belong together; a lower bound alone reaches to the first fix
/// behind it, else to the end of its branch.
fn ranges(affected: &[Bound], fixed: &[Bound], scheme: Scheme) -> Vec<Range> {
    let mut ranges = Vec::new();
    for (index, bound) in affected.iter().enumerate() {
        let version = || bound.version.clone();
        let same_branch = |other: &&Bound| other.branch == bound.branch;
        let range = match bound.operator {
            Operator::Equal => Range { introduced: Some(version()), end: End::LastAffected(version()), ..Range::default() },
            Operator::AtMost | Operator::Below => {
                let end = if bound.operator == Operator::Below { End::Fixed(version()) } else { End::LastAffected(version()) };
                match affected.iter().filter(same_branch).find(|other| other.is_lower()) {
                    Some(lower) => Range { end, ..lower.beginning() },
                    None => {
                        let introduced = (!bound.branch.is_empty()).then(|| floor(&bound.branch, scheme));
                        Range { introduced, end, ..Range::default() }
                    }
                }
            }
            Operator::AtLeast | Operator::Above => {
                let mut others = affected.iter().enumerate().filter(|(_, other)| same_branch(other));
                if others.any(|(other, bound)| other != index && bound.is_upper()) {
                    continue;
                }
                let end = first_fix(bound, fixed, scheme).or_else(|| Some(floor(&next_branch(&bound.branch)?, scheme)));
                Range { end: end.map_or(End::Open, End::Fixed), ..bound.beginning() }
            }
        };
        ranges.push(range);
    }
    ranges
}

/// The lowest version that has a fix among those from a lower bound on, within its branch.
fn first_fix(lower: &Bound, fixed: &[Bound], scheme: Scheme) -> Option<String> {
    let below = |left: &str, right: &str| scheme.compare(left, right).is_some_and(std::cmp::Ordering::is_lt);
    let end = next_branch(&lower.branch);
    let fixes = fixed.iter().filter(|fix| matches!(fix.operator, Operator::AtLeast | Operator::Equal));
    fixes
        .map(|fix| fix.version.as_str())
        .filter(|fix| below(&lower.version, fix) && end.as_deref().is_none_or(|end| below(fix, end)))
        .reduce(|lowest, fix| if below(fix, lowest) { fix } else { lowest })
        .map(str::to_owned)
}

impl Bound {
    fn is_lower(&self) -> bool {
        matches!(self.operator, Operator::AtLeast | Operator::Above)
    }

    fn is_upper(&self) -> bool {
        matches!(self.operator, Operator::AtMost | Operator::Below)
    }

    /// A range that begins with this lower bound.
    fn beginning(&self) -> Range {
        let version = Some(self.version.clone());
        match self.operator {
            Operator::Above => Range { after: version, ..Range::default() },
            _ => Range { introduced: version, ..Range::default() },
        }
    }
}

/// The lowest version of a branch, its pre-releases among them.
fn floor(branch: &str, scheme: Scheme) -> String {
    match scheme {
        Scheme::Pypi => format!("{branch}.dev0"),
        _ => format!("{branch}-alpha"),
    }
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
    fn bounds() {
        for text in ["~>1", "", ",1", "<="] {
            assert_eq!(bound(text), None, "{text}");
        }
        let exact = Bound { operator: Operator::Equal, version: "1.0.RC1".into(), branch: String::new() };
        assert_eq!(bound("==1.0.RC1"), Some(exact));
    }

    #[test]
    fn intervals() {
        for (affected, fixed, expected) in [
            (&["<=1.2,1"][..], &[][..], ">= 1-alpha, <= 1.2"),
            (&["<=0.4.1"], &[], "<= 0.4.1"),
            (&[">=0.5,0"], &[">=2.1.3,2.1"], ">= 0.5, < 1-alpha"),
            (&[">=2.1.3,2.1"], &[], ">= 2.1.3, < 2.2-alpha"),
            // The two belong together: 2.8 is not affected.
            (&["<=2.7.1,2", ">=2.1,2"], &[">=2.7.2"], ">= 2.1, <= 2.7.1"),
            (&[">=2.5", "<=4.6.3"], &[">=4.6.4"], ">= 2.5, <= 4.6.3"),
            (&[">=2.0.0,2", ">=3.0.0,3.0"], &[">=3.0.8,3.0", ">=2.0.8,2"], ">= 2.0.0, < 2.0.8 | >= 3.0.0, < 3.0.8"),
            (&["<=2.3.33,2.3", ">=2.3.7,2.3", "<=2.5.12,2.5"], &[], ">= 2.3.7, <= 2.3.33 | >= 2.5-alpha, <= 2.5.12"),
        ] {
            let read = |texts: &[&str]| texts.iter().map(|text| bound(text).unwrap()).collect::<Vec<_>>();
            let found: Vec<String> = ranges(&read(affected), &read(fixed), Scheme::Maven).iter().map(Range::to_string).collect();
            assert_eq!(found.join(" | "), expected, "{affected:?}");
        }
    }
}
