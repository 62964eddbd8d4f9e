//! Alpine's security database (<https://secdb.alpinelinux.org>), and those of Wolfi and Chainguard in the same format:
//! per origin (source) package, which version fixes which vulnerabilities. It knows fixed vulnerabilities only.

use std::collections::BTreeMap;

use model::advisory::{Advisory, Affected, End, Namespace, Range, Status};
use model::package::PackageType;
use serde::Deserialize;

use super::record::{is_cve, nullable, title};
use super::{ParseError, Sink};

#[derive(Deserialize)]
struct Database {
    /// `v3.20`, `edge`; Wolfi and Chainguard have none.
    #[serde(default, deserialize_with = "nullable")]
    distroversion: String,
    #[serde(default, deserialize_with = "nullable")]
    apkurl: String,
    #[serde(default, deserialize_with = "nullable")]
    urlprefix: String,
    #[serde(default, deserialize_with = "nullable")]
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    pkg: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    secfixes: BTreeMap<String, Option<Vec<String>>>,
}

/// Reads one repository of one release as JSON.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    emit(name, serde_json::from_slice(bytes)?, sink)
}

/// Reads one repository of one release as YAML, the form in which Alpine keeps it in its own repository.
pub fn parse_yaml(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    emit(name, super::yaml::from_slice(bytes)?, sink)
}

fn emit(name: &str, database: Database, sink: &mut dyn Sink) -> Result<(), ParseError> {
    let namespace = namespace(&database).ok_or_else(|| ParseError(format!("{name} does not say which release it is about")))?;
    for Entry { pkg: package } in database.packages {
        sink.record(None);
        for (version, ids) in package.secfixes {
            for text in ids.unwrap_or_default() {
                for advisory in advisories(&namespace, &package.name, &version, &text) {
                    sink.advisory(advisory);
                }
            }
        }
    }
    Ok(())
}

/// Which release line a database is about.
fn namespace(database: &Database) -> Option<Namespace> {
    let address = format!("{} {}", database.apkurl, database.urlprefix);
    for rolling in ["wolfi", "chainguard"] {
        if address.contains(rolling) {
            return Some(rolling.to_owned());
        }
    }
    let release = database.distroversion.trim_start_matches('v');
    (!release.is_empty()).then(|| format!("alpine:{release}"))
}

/// The advisories of one entry. It may name one vulnerability by several ids (`CVE-2017-10914 XSA-218`); what is no CVE
/// may stand for several of them, so that only a lone id becomes an advisory's own.
fn advisories(namespace: &str, package: &str, version: &str, text: &str) -> Vec<Advisory> {
    let words = || text.split_whitespace().map(|word| word.trim_matches([',', '(', ')'])).filter(|word| word.contains('-'));
    let mut ids: Vec<&str> = words().filter(|word| is_cve(word)).collect();
    if ids.is_empty() {
        ids = words().take(1).collect();
    }
    let errata: Vec<String> = words().filter(|word| !ids.contains(word)).map(str::to_owned).collect();
    // Version `0`: the vulnerable code was never in the package.
    let (status, ranges) = match version {
        "0" => (Status::NotAffected, Vec::new()),
        _ => (Status::Affected, vec![Range { end: End::Fixed(version.to_owned()), ..Range::default() }]),
    };
    ids.into_iter()
        .map(|id| Advisory {
            id: id.to_owned(),
            errata: errata.clone(),
            url: if namespace.starts_with("alpine") {
                format!("https://security.alpinelinux.org/vuln/{}", title(id))
            } else {
                String::new()
            },
            affected: vec![Affected {
                namespace: namespace.to_owned(),
                kind: Some(PackageType::Apk),
                name: package.to_owned(),
                status,
                ranges: ranges.clone(),
                ..Affected::default()
            }],
            ..Advisory::default()
        })
        .collect()
}
