//! Retire.js (<https://github.com/RetireJS/retire.js/tree/master/repository>): vulnerable JavaScript libraries by the names
//! they have on npm, where they have one.

use std::collections::BTreeMap;

use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::severity::Severity;
use serde::Deserialize;

use super::record::{cwe, is_cve, nullable, title};
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

/// Reads `jsrepository`: files of libraries as browsers load them. Only libraries that say their npm name are packages.
pub fn parse_libraries(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    for (key, library) in serde_json::from_slice::<BTreeMap<String, Library>>(bytes)? {
        let package = library.npmname.clone();
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
                Some(range) => ranges.push(range),
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

/// The versions from one bound to the other; `None` where it has no bound, or one that says nothing.
fn range(interval: &Interval) -> Option<Range> {
    let bound = |text: &str| if text.is_empty() { Some(None) } else { npm_version(text).map(Some) };
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

/// The version of npm that stands where the bound stands among npm's versions. Libraries had their own ways of counting
/// before they came to npm: `4.5`, `1.01`, `1.9.0b1`, `1.0.0.beta.3`, `0.9.7.1`; and `1.3.0-*` is from the first
/// pre-release on.
fn npm_version(bound: &str) -> Option<String> {
    let mut rest = bound;
    let mut numbers = [0_u64; 4];
    let mut count = 0;
    for number in &mut numbers {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (text, after) = rest.split_at(digits);
        *number = text.parse().ok()?;
        count += 1;
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|letter: char| letter.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    let [major, minor, mut patch, fourth] = numbers;
    let suffix = rest.trim_start_matches(['-', '.']);
    let usable = suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte));
    Some(match suffix {
        // Between 0.9.7 and 0.9.8 lies no version of npm but those that lead to 0.9.8.
        "" if count == 4 && fourth > 0 => {
            patch += 1;
            format!("{major}.{minor}.{patch}-0")
        }
        "" => format!("{major}.{minor}.{patch}"),
        "*" => format!("{major}.{minor}.{patch}-0"),
        pre if usable && count < 4 => format!("{major}.{minor}.{patch}-{pre}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use model::version::Scheme;

    use super::npm_version;

    #[test]
    fn bounds_become_versions_of_npm() {
        for (bound, expected) in [
            ("1.2.3", Some("1.2.3")),
            ("0", Some("0.0.0")),
            ("4.5", Some("4.5.0")),
            ("1.01", Some("1.1.0")),
            ("1.9.0b1", Some("1.9.0-b1")),
            ("1.0RC2", Some("1.0.0-RC2")),
            ("3.0.RC3", Some("3.0.0-RC3")),
            ("1.0.0.beta.3", Some("1.0.0-beta.3")),
            ("1.4.0-beta.2", Some("1.4.0-beta.2")),
            ("1.3.0-*", Some("1.3.0-0")),
            ("0.9.7.1", Some("0.9.8-0")),
            ("1.2.3.0", Some("1.2.3")),
            ("~", None),
            ("1.2.3 or so", None),
            ("99999999999999999999.0.0", None),
        ] {
            let found = npm_version(bound);
            assert_eq!(found.as_deref(), expected, "{bound}");
            if let Some(version) = found {
                assert!(Scheme::Npm.compare(&version, &version).is_some(), "{bound}");
            }
        }
    }
}
