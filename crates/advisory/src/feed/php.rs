//! FriendsOfPHP's security advisories (<https://github.com/FriendsOfPHP/security-advisories>): one YAML file per advisory;
//! the constraints of a branch must all hold, any branch will do.

use std::collections::BTreeMap;

use model::advisory::{Advisory, Affected, Range};
use model::package::PackageType;
use model::version::{Scheme, constraint};
use serde::Deserialize;

use super::osv::ecosystem::normalised;
use super::record::{cves_in, nullable, title};
use super::{ParseError, Sink, time, yaml};

#[derive(Deserialize)]
struct Record {
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    link: String,
    #[serde(default, deserialize_with = "nullable")]
    cve: String,
    reference: String,
    branches: BTreeMap<String, Branch>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default, deserialize_with = "nullable")]
    time: String,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<String>,
}

/// Reads one advisory. Those without a CVE are named by their path (`vendor/package/2017-05-15`), the only id they have.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = yaml::from_slice(bytes)?;
    let published = record.branches.values().filter_map(|branch| time::timestamp(&branch.time)).min();
    let newest = record.branches.values().filter_map(|branch| time::leading_day(&branch.time)).max();
    sink.record(newest);
    let package =
        record.reference.strip_prefix("composer://").ok_or_else(|| ParseError("it is about no Composer package".into()))?;
    let mut ranges: Vec<Range> = Vec::new();
    for branch in record.branches.values().filter(|branch| !branch.versions.is_empty()) {
        let all = branch.versions.join(", ");
        ranges.extend(constraint::parse(Scheme::Composer, &all).map_err(|error| ParseError(error.to_string()))?);
    }
    if ranges.is_empty() {
        return Err(ParseError("it names no versions".into()));
    }
    let ghsa = record.link.rsplit('/').next().filter(|last| last.starts_with("GHSA-")).map(str::to_owned);
    let mut ids: Vec<String> = cves_in(&record.cve).into_iter().chain(ghsa).collect();
    if ids.is_empty() {
        ids.push(name.trim_end_matches(".yaml").to_owned());
    }
    let id = ids.remove(0);
    sink.advisory(Advisory {
        id,
        aliases: ids,
        title: title(&record.title),
        url: record.link,
        published,
        affected: vec![Affected {
            namespace: "composer".into(),
            kind: Some(PackageType::Composer),
            name: normalised(PackageType::Composer, package),
            ranges,
            ..Affected::default()
        }],
        ..Advisory::default()
    });
    Ok(())
}
