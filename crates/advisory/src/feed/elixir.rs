//! Mirego's Elixir security advisories (<https://github.com/mirego/elixir-security-advisories>): GitHub's advisories of Hex
//! packages as YAML, one file each.

use model::advisory::{Advisory, Affected, Range};
use model::package::PackageType;
use model::severity::Severity;
use model::version::{Scheme, constraint};
use serde::Deserialize;

use super::osv::ecosystem::normalised;
use super::record::{nullable, title};
use super::{ParseError, Sink, rating, time, yaml};

#[derive(Deserialize)]
struct Record {
    id: String,
    package: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    link: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    #[serde(default, deserialize_with = "nullable")]
    disclosure_date: String,
    vulnerable_version_ranges: Vec<String>,
}

/// Reads one advisory.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = yaml::from_slice(bytes)?;
    let published = time::timestamp(&record.disclosure_date);
    sink.record(published.map(time::day));
    let mut ranges: Vec<Range> = Vec::new();
    for text in &record.vulnerable_version_ranges {
        ranges.extend(constraint::parse(Scheme::Hex, text).map_err(|error| ParseError(error.to_string()))?);
    }
    if ranges.is_empty() {
        return Err(ParseError("it names no versions".into()));
    }
    sink.advisory(Advisory {
        id: record.id,
        title: title(&record.title),
        url: record.link,
        published,
        ratings: rating::ratings("ghsa", Severity::from_vendor_word(&record.severity), [], &mut 0),
        affected: vec![Affected {
            namespace: "hex".into(),
            kind: Some(PackageType::Hex),
            name: normalised(PackageType::Hex, &record.package),
            ranges,
            ..Affected::default()
        }],
        ..Advisory::default()
    });
    Ok(())
}
