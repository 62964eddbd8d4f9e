//! NVD's vulnerabilities: the pages of its API 2.0 (<https://nvd.nist.gov/developers/vulnerabilities>) and its yearly feeds in
//! the same format, and the overrides of `anchore/nvd-data-overrides`.
//!
//! CPE configurations name products, not packages: they are not used.

use model::advisory::CveFacts;
use serde::Deserialize;
use serde_json::Value;

use super::record::{cwe, is_cve, nullable};
use super::{ParseError, Sink, rating, time};

#[derive(Deserialize)]
struct Page {
    vulnerabilities: Vec<Wrapper>,
}

#[derive(Deserialize)]
struct Wrapper {
    cve: Cve,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cve {
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    published: String,
    #[serde(default, deserialize_with = "nullable")]
    last_modified: String,
    #[serde(default, deserialize_with = "nullable")]
    vuln_status: String,
    #[serde(default)]
    metrics: Value,
    #[serde(default, deserialize_with = "nullable")]
    weaknesses: Vec<Weakness>,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default, deserialize_with = "nullable")]
    description: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(default, deserialize_with = "nullable")]
    value: String,
}

/// Reads one page. NVD's own vectors are rated as `nvd`, those that it repeats from a CVE's authority as `cna`.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let page: Page = serde_json::from_slice(bytes)?;
    for Wrapper { cve } in page.vulnerabilities {
        sink.record(time::leading_day(&cve.last_modified));
        if cve.vuln_status == "Rejected" {
            continue;
        }
        let metrics = cve.metrics.as_object().into_iter().flatten().filter_map(|(_, list)| list.as_array()).flatten();
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for metric in metrics {
            let Some(vector) = metric.pointer("/cvssData/vectorString").and_then(Value::as_str) else { continue };
            let is_own = metric.get("source").and_then(Value::as_str) == Some("nvd@nist.gov");
            if is_own { own.push(vector) } else { others.push(vector) }
        }
        let mut unreadable = 0;
        let mut ratings = rating::ratings("nvd", None, own, &mut unreadable);
        ratings.extend(rating::ratings("cna", None, others, &mut unreadable));
        if unreadable > 0 {
            sink.problem(format!("{}: {unreadable} CVSS vectors cannot be read", cve.id));
        }
        let texts = cve.weaknesses.iter().flat_map(|weakness| &weakness.description);
        let mut cwes: Vec<String> =
            texts.filter(|text| text.value.starts_with("CWE-")).filter_map(|text| cwe(&text.value)).collect();
        cwes.sort_unstable();
        cwes.dedup();
        sink.facts(CveFacts { id: cve.id, published: time::timestamp(&cve.published), ratings, cwes, ..CveFacts::default() });
    }
    Ok(())
}

#[derive(Deserialize)]
struct Override {
    #[serde(rename = "_annotation")]
    annotation: Annotation,
}

#[derive(Deserialize)]
struct Annotation {
    cve_id: String,
    #[serde(default, deserialize_with = "nullable")]
    published: String,
    #[serde(default, deserialize_with = "nullable")]
    modified: String,
}

/// Reads one override: of its facts the publication date alone is about every package of the vulnerability.
pub fn parse_override(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let Override { annotation } = serde_json::from_slice(bytes)?;
    sink.record(time::leading_day(&annotation.modified));
    if !is_cve(&annotation.cve_id) {
        return Err(ParseError("it has no CVE id".into()));
    }
    if let Some(published) = time::timestamp(&annotation.published) {
        sink.facts(CveFacts { id: annotation.cve_id, published: Some(published), ..CveFacts::default() });
    }
    Ok(())
}
