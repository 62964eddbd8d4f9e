//! The Node.js project's own vulnerability database (<https://github.com/nodejs/security-wg/tree/main/vuln>): one JSON file
//! per vulnerability of the run-time (`vuln/core`), and until 2019 of packages of the registry (`vuln/npm`), with
//! requirements as npm writes them.

use model::advisory::{Advisory, Affected, Range};
use model::package::PackageType;
use model::severity::Severity;
use model::version::{Scheme, constraint};
use serde::Deserialize;
use serde_json::Value;

use super::record::{first_sentence, is_cve, nullable, title};
use super::{ParseError, Sink, complement, rating, time};

/// Both kinds of records; the fields of each that the other does not have are empty.
#[derive(Deserialize)]
struct Record {
    /// The package; empty in records of the run-time.
    #[serde(default, deserialize_with = "nullable")]
    module_name: String,
    #[serde(default, deserialize_with = "nullable")]
    cve: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    cves: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    vulnerable: String,
    #[serde(default, deserialize_with = "nullable")]
    vulnerable_versions: String,
    #[serde(default, deserialize_with = "nullable")]
    patched: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    description: String,
    #[serde(default, deserialize_with = "nullable")]
    overview: String,
    #[serde(default, rename = "ref", deserialize_with = "nullable")]
    reference: String,
    #[serde(default, deserialize_with = "nullable")]
    publish_date: String,
    #[serde(default, deserialize_with = "nullable")]
    updated_at: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    /// `3.0/AV:N/…`
    #[serde(default)]
    cvss: Value,
    #[serde(default)]
    cvss_vector: Value,
    /// `4.8 (Medium)`, or the number alone.
    #[serde(default)]
    cvss_score: Value,
    /// `all`, or some of `linux`, `osx` and `win`.
    #[serde(default, rename = "affectedEnvironments", deserialize_with = "nullable")]
    environments: Vec<String>,
}

/// Reads one record. The repository holds more JSON than these, which is passed over.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let (folder, file) = name.rsplit_once('/').unwrap_or_default();
    let stem = file.trim_end_matches(".json");
    // The index is all records of the run-time once more.
    if !folder.split('/').any(|element| element == "vuln") || stem == "index" {
        return Ok(());
    }
    let record: Record = serde_json::from_slice(bytes)?;
    sink.record(month(&record.reference));
    let (affected, ids) = if record.module_name.is_empty() { run_time(&record, stem)? } else { package(&record, stem)? };
    let is_elsewhere =
        !record.environments.is_empty() && !record.environments.iter().any(|system| system == "linux" || system == "all");
    if affected.ranges.is_empty() || is_elsewhere {
        return Ok(());
    }
    let vectors = [&record.cvss, &record.cvss_vector].into_iter().filter_map(Value::as_str).filter(|text| !text.is_empty());
    let vectors: Vec<String> = vectors.map(|text| format!("CVSS:{}", text.trim_start_matches("CVSS:"))).collect();
    let mut unreadable = 0;
    let ratings = rating::ratings("nodejs", level(&record), vectors.iter().map(String::as_str), &mut unreadable);
    if unreadable > 0 {
        sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
    }
    let heading = [&record.title, &record.description].into_iter().find(|text| !text.is_empty());
    let template = Advisory {
        title: heading.map_or_else(|| first_sentence(&record.overview), |text| title(text)),
        url: if record.reference.starts_with("https://") { record.reference.clone() } else { String::new() },
        published: time::timestamp(&record.publish_date),
        modified: time::timestamp(&record.updated_at),
        ratings,
        affected: vec![affected],
        ..Advisory::default()
    };
    for id in ids {
        sink.advisory(Advisory { id, ..template.clone() });
    }
    Ok(())
}

/// The run-time is a program, known by its name alone.
fn run_time(record: &Record, stem: &str) -> Result<(Affected, Vec<String>), ParseError> {
    // What is vulnerable is named by whole release lines, less what is patched.
    let mut safe = complement::outside(&requirement(&record.vulnerable)?, Scheme::Npm).ok_or_else(no_order)?;
    if !record.patched.trim().is_empty() {
        // A version alone is the first of its line that has the fix.
        let from_there_on = |text: &str| {
            let text = text.trim();
            let is_version = text.split('.').count() == 3 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if is_version { format!("^{text}") } else { text.to_owned() }
        };
        let patched: Vec<String> = record.patched.split("||").map(from_there_on).collect();
        safe.extend(requirement(&patched.join("||"))?);
    }
    let affected = Affected {
        namespace: "bitnami".to_owned(),
        kind: Some(PackageType::Bitnami),
        name: "node".to_owned(),
        ranges: complement::outside(&safe, Scheme::Npm).ok_or_else(no_order)?,
        ..Affected::default()
    };
    Ok((affected, ids(&record.cve, || format!("NSWG-CORE-{stem}"))))
}

fn package(record: &Record, stem: &str) -> Result<(Affected, Vec<String>), ParseError> {
    let versions = if record.vulnerable_versions.is_empty() { &record.vulnerable } else { &record.vulnerable_versions };
    let affected = Affected {
        namespace: "npm".to_owned(),
        kind: Some(PackageType::Npm),
        name: record.module_name.clone(),
        ranges: requirement(versions)?,
        ..Affected::default()
    };
    let cves = if record.cves.is_empty() { &record.cve } else { &record.cves };
    Ok((affected, ids(cves, || format!("NSWG-ECO-{stem}"))))
}

fn ids(cves: &[String], own: impl FnOnce() -> String) -> Vec<String> {
    let mut ids: Vec<String> = cves.iter().map(|id| id.trim()).filter(|id| is_cve(id)).map(str::to_owned).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        ids.push(own());
    }
    ids
}

fn requirement(text: &str) -> Result<Vec<Range>, ParseError> {
    constraint::parse(Scheme::Npm, text).map_err(|error| ParseError(error.to_string()))
}

fn no_order() -> ParseError {
    ParseError("its versions cannot be put into an order".into())
}

/// The record's word, else the one beside the score.
fn level(record: &Record) -> Option<Severity> {
    let beside = || {
        let (_, word) = record.cvss_score.as_str()?.split_once('(')?;
        Severity::from_vendor_word(word.trim_end_matches(')'))
    };
    Severity::from_vendor_word(&record.severity).or_else(beside)
}

/// The month that the name of a security release gives, `…/vulnerability/july-2026-security-releases`: records of the
/// run-time have no other date.
fn month(reference: &str) -> Option<jiff::civil::Date> {
    let mut words = reference.trim_end_matches('/').rsplit('/').next()?.split('-');
    let (month, year) = (words.next()?.get(..3)?, words.next()?);
    let (first, rest) = month.split_at_checked(1)?;
    time::english_day(&format!("1 {}{rest} {year}", first.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months() {
        for (reference, expected) in [
            ("https://nodejs.org/en/blog/vulnerability/july-2026-security-releases", Some("2026-07-01")),
            ("https://nodejs.org/en/blog/vulnerability/aug-2021-security-releases/", Some("2021-08-01")),
            ("https://github.com/nodejs/node-private/pull/60", None),
            ("https://example.org/ü-2021", None),
            ("", None),
        ] {
            assert_eq!(month(reference).map(|date| date.to_string()).as_deref(), expected, "{reference}");
        }
    }
}
