//! Retire.js (<https://github.com/RetireJS/retire.js/tree/master/repository>): vulnerable JavaScript libraries by the names
//! they have on npm, where they have one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::severity::Severity;
use model::version::Scheme;
use serde::Deserialize;

use super::record::{cwe, is_cve, nullable, title};
use super::semver::as_semver;
use super::{ParseError, Sink, rating};

#[derive(Deserialize)]
struct Library {
    /// Name on npm, where it differs from the key or the key is no npm name.
    #[serde(default, deserialize_with = "nullable")]
    npmname: String,
    #[serde(default, deserialize_with = "nullable")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability {
    #[serde(default, deserialize_with = "nullable")]
    below: String,
    #[serde(default, deserialize_with = "nullable")]
    at_or_above: String,
    #[serde(default, deserialize_with = "nullable")]
    ranges: Vec<Interval>,
    /// Single versions between the bounds that have the fix.
    #[serde(default, deserialize_with = "nullable")]
    excludes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    #[serde(default, deserialize_with = "nullable")]
    identifiers: Identifiers,
    #[serde(default, deserialize_with = "nullable")]
    cwe: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    info: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Interval {
    #[serde(default, deserialize_with = "nullable")]
    below: String,
    #[serde(default, deserialize_with = "nullable")]
    at_or_above: String,
}

#[derive(Default, Deserialize)]
struct Identifiers {
    #[serde(default, rename = "CVE", deserialize_with = "nullable")]
    cve: Vec<String>,
    #[serde(default, rename = "githubID", deserialize_with = "nullable")]
    github: String,
    #[serde(default, deserialize_with = "nullable")]
    retid: String,
    #[serde(default, deserialize_with = "nullable")]
    summary: String,
}

/// Reads `jsrepository`: files of libraries as browsers load them. The package is what an entry says its npm name is, else
/// its key, where that can be a name on npm.
pub fn parse_libraries(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    for (key, library) in serde_json::from_slice::<BTreeMap<String, Library>>(bytes)? {
        let can_be_a_name =
            |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"@/.-_".contains(&byte));
        let package = match library.npmname.as_str() {
            "" if can_be_a_name(&key) => key.clone(),
            name => name.to_owned(),
        };
        emit(&key, &package, library, sink);
    }
    Ok(())
}

/// Reads `npmrepository`: packages of npm.
pub fn parse_npm(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    for (key, library) in serde_json::from_slice::<BTreeMap<String, Library>>(bytes)? {
        emit(&key, &key, library, sink);
    }
    Ok(())
}

fn emit(key: &str, package: &str, library: Library, sink: &mut dyn Sink) {
    for vulnerability in library.vulnerabilities {
        sink.record(None);
        // The first entry of every repository is a test of the tool itself.
        if package.is_empty() || key == "retire-example" {
            continue;
        }
        let single = Interval { below: vulnerability.below.clone(), at_or_above: vulnerability.at_or_above.clone() };
        let intervals = if vulnerability.ranges.is_empty() { vec![single] } else { vulnerability.ranges };
        let mut ranges = Vec::with_capacity(intervals.len());
        for interval in &intervals {
            match range(interval) {
                Some(range) => ranges.extend(without(range, &vulnerability.excludes)),
                None => sink.problem(format!("an entry of {} names no versions of npm", title(key))),
            }
        }
        if ranges.is_empty() {
            continue;
        }
        let identifiers = vulnerability.identifiers;
        let cves: Vec<String> = identifiers.cve.into_iter().filter(|id| is_cve(id)).collect();
        let (mut aliases, mut errata) = (Vec::new(), Vec::new());
        if !identifiers.github.is_empty() {
            // With several CVEs it cannot be said which of them the id stands for.
            if cves.len() > 1 { errata.push(identifiers.github.clone()) } else { aliases.push(identifiers.github.clone()) }
        }
        let ids = match (cves.is_empty(), aliases.pop()) {
            (true, Some(github)) => vec![github],
            (true, None) if identifiers.retid.is_empty() => vec![format!("retire-{key}-{}", vulnerability.below)],
            (true, None) => vec![format!("retire-{key}-{}", identifiers.retid)],
            (false, github) => {
                aliases.extend(github);
                cves
            }
        };
        let mut cwes: Vec<String> = vulnerability.cwe.iter().filter_map(|text| cwe(text)).collect();
        cwes.sort_unstable();
        cwes.dedup();
        for id in ids {
            sink.advisory(Advisory {
                id,
                aliases: aliases.clone(),
                errata: errata.clone(),
                title: title(&identifiers.summary),
                url: vulnerability.info.first().cloned().unwrap_or_default(),
                ratings: rating::ratings("retirejs", Severity::from_vendor_word(&vulnerability.severity), [], &mut 0),
                cwes: cwes.clone(),
                affected: vec![Affected {
                    namespace: "npm".into(),
                    kind: Some(PackageType::Npm),
                    name: package.to_owned(),
                    ranges: ranges.clone(),
                    ..Affected::default()
                }],
                ..Advisory::default()
            });
        }
    }
}

/// The range without single versions: cut in two at each. Versions outside cut off nothing that another part does not hold.
fn without(range: Range, excludes: &[String]) -> Vec<Range> {
    let mut versions: Vec<String> = excludes.iter().filter_map(|text| as_semver(text)).collect();
    versions.sort_by(|left, right| Scheme::Npm.compare(left, right).unwrap_or(Ordering::Equal));
    let inside = |version: &str, range: &Range| {
        let at = |bound: &str| Scheme::Npm.compare(version, bound);
        range.introduced.as_deref().is_none_or(|bound| at(bound) == Some(Ordering::Greater))
            && match &range.end {
                End::Open => true,
                End::Fixed(bound) | End::LastAffected(bound) => at(bound) == Some(Ordering::Less),
            }
    };
    let mut parts = Vec::new();
    let mut rest = range;
    for version in versions {
        if inside(&version, &rest) {
            parts.push(Range { end: End::Fixed(version.clone()), ..rest.clone() });
            rest = Range { introduced: None, after: Some(version), ..rest };
        }
    }
    parts.push(rest);
    parts
}

/// The versions from one bound to the other; `None` where it has no bound, or one that says nothing.
fn range(interval: &Interval) -> Option<Range> {
    let bound = |text: &str| if text.is_empty() { Some(None) } else { as_semver(text).map(Some) };
    if interval.below == "~" {
        // In ASCII it stands behind all that versions are made of: no version is free of it.
        return Some(Range { introduced: bound(&interval.at_or_above)?, ..Range::default() });
    }
    let (introduced, fixed) = (bound(&interval.at_or_above)?, bound(&interval.below)?);
    if introduced.is_none() && fixed.is_none() {
        return None;
    }
    Some(Range { introduced, end: fixed.map_or(End::Open, End::Fixed), ..Range::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_versions_between_the_bounds() {
        let range = |interval: (&str, &str)| {
            range(&Interval { at_or_above: interval.0.to_owned(), below: interval.1.to_owned() }).unwrap()
        };
        for (interval, excludes, expected) in [
            (("1.12.3", "3.0.0-beta1"), &["1.12.4-aem"][..], ">= 1.12.3, < 1.12.4-aem | > 1.12.4-aem, < 3.0.0-beta1"),
            (("1.0.0", "3.0.0"), &["2.5.0", "1.5.0"], ">= 1.0.0, < 1.5.0 | > 1.5.0, < 2.5.0 | > 2.5.0, < 3.0.0"),
            (("1.0.0", "3.0.0"), &["3.5.0", "x"], ">= 1.0.0, < 3.0.0"),
        ] {
            let excludes: Vec<String> = excludes.iter().map(ToString::to_string).collect();
            let parts: Vec<String> = without(range(interval), &excludes).iter().map(Range::to_string).collect();
            assert_eq!(parts.join(" | "), expected);
        }
    }
}
