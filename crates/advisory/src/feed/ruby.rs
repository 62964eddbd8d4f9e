//! The Ruby Advisory Database (<https://github.com/rubysec/ruby-advisory-db>): one YAML file per advisory, with the versions
//! that are *not* vulnerable as Gem requirements.

use model::advisory::{Advisory, Affected, End, Range};
use model::coverage::Level;
use model::package::PackageType;
use model::severity::{Rating, Severity};
use model::version::{Scheme, constraint};
use serde::Deserialize;

use super::record::{nullable, title};
use super::semver::as_semver;
use super::{ParseError, Sink, complement, time, yaml};

#[derive(Deserialize)]
struct Record {
    #[serde(default, deserialize_with = "nullable")]
    gem: String,
    /// `ruby`, `jruby`, …: an interpreter instead of a gem.
    #[serde(default, deserialize_with = "nullable")]
    engine: String,
    #[serde(default, deserialize_with = "nullable")]
    cve: String,
    #[serde(default, deserialize_with = "nullable")]
    ghsa: String,
    #[serde(default, deserialize_with = "nullable")]
    url: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    date: String,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v2: Option<f64>,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v3: Option<f64>,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v4: Option<f64>,
    #[serde(default, deserialize_with = "nullable")]
    patched_versions: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    unaffected_versions: Vec<String>,
}

/// Gems are covered; of programs it knows the interpreters alone.
pub(super) fn level(namespace: &str) -> Level {
    if namespace == "gem" { Level::Full } else { Level::Partial }
}

/// Reads one advisory.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = yaml::from_slice(bytes)?;
    let published = time::timestamp(&record.date);
    sink.record(published.map(time::day));
    let mut ids = Vec::new();
    if !record.cve.is_empty() {
        ids.push(format!("CVE-{}", record.cve));
    }
    if !record.ghsa.is_empty() {
        ids.push(format!("GHSA-{}", record.ghsa));
    }
    if ids.is_empty() {
        ids.push(name.rsplit('/').next().unwrap_or(name).trim_end_matches(".yml").to_owned());
    }
    let id = ids.remove(0);
    let mut safe: Vec<Range> = Vec::new();
    for requirement in record.patched_versions.iter().chain(&record.unaffected_versions) {
        let more = constraint::parse(Scheme::Gem, requirement).map_err(|error| ParseError(error.to_string()))?;
        safe.extend(more);
    }
    let mut ranges =
        complement::outside(&safe, Scheme::Gem).ok_or_else(|| ParseError("its versions cannot be put into an order".into()))?;
    if ranges.is_empty() {
        return Ok(());
    }
    // Interpreters are programs, known by name alone.
    let (namespace, kind, package) = match (record.gem.is_empty(), record.engine.is_empty()) {
        (false, _) => ("gem", PackageType::Gem, record.gem),
        (true, false) => {
            ranges.iter_mut().for_each(as_of_program);
            ("bitnami", PackageType::Bitnami, record.engine)
        }
        (true, true) => return Err(ParseError("it names neither a gem nor an engine".into())),
    };
    // Scores without their vectors: only the level can be told; CVSS 2 has no level above high.
    let level = record.cvss_v4.or(record.cvss_v3).map(Severity::from_score);
    let level = level.or_else(|| record.cvss_v2.map(|score| Severity::from_score(score.min(8.9))));
    sink.advisory(Advisory {
        id,
        aliases: ids,
        title: title(&record.title),
        url: record.url,
        published,
        ratings: level
            .map(|level| Rating { source: "ruby-advisory-db".into(), level: Some(level), cvss: None })
            .into_iter()
            .collect(),
        affected: vec![Affected {
            namespace: namespace.to_owned(),
            kind: Some(kind),
            name: package,
            ranges,
            ..Affected::default()
        }],
        ..Advisory::default()
    });
    Ok(())
}

/// Bounds as the versions of programs are written: interpreters are known by three numbers, gems by as many as they like.
fn as_of_program(range: &mut Range) {
    let mut bounds = [&mut range.introduced, &mut range.after].into_iter().flatten().collect::<Vec<_>>();
    match &mut range.end {
        End::Fixed(version) | End::LastAffected(version) => bounds.push(version),
        End::Open => {}
    }
    for bound in bounds {
        if let Some(version) = as_semver(bound) {
            *bound = version;
        }
    }
}
