//! CVE records of format 5 (<https://github.com/CVEProject/cve-schema>), as CISA's Vulnrichment publishes them with its own
//! additions: the CNA's title, ratings and weaknesses, CISA's ratings, SSVC decision points and known exploitation.
//!
//! The versions in these records are of products by vendor names, not of packages: they are not used.

use model::advisory::{CveFacts, Kev, Ssvc};
use serde::Deserialize;
use serde_json::Value;

use super::record::{cwe, is_cve, nullable, title};
use super::{ParseError, Sink, rating, time};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    cve_metadata: Metadata,
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    cve_id: String,
    #[serde(default)]
    state: String,
    #[serde(default, deserialize_with = "nullable")]
    date_published: String,
    #[serde(default, deserialize_with = "nullable")]
    date_updated: String,
}

#[derive(Deserialize)]
struct Containers {
    #[serde(default)]
    cna: Container,
    #[serde(default, deserialize_with = "nullable")]
    adp: Vec<Container>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "nullable")]
    problem_types: Vec<ProblemType>,
    #[serde(default, deserialize_with = "nullable")]
    provider_metadata: Provider,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    #[serde(default, deserialize_with = "nullable")]
    date_updated: String,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(default, rename = "cvssV2_0")]
    v2: Option<Vector>,
    #[serde(default, rename = "cvssV3_0")]
    v3: Option<Vector>,
    #[serde(default, rename = "cvssV3_1")]
    v31: Option<Vector>,
    #[serde(default, rename = "cvssV4_0")]
    v4: Option<Vector>,
    #[serde(default)]
    other: Option<Other>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    #[serde(default, deserialize_with = "nullable")]
    vector_string: String,
}

#[derive(Deserialize)]
struct Other {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
struct ProblemType {
    #[serde(default, deserialize_with = "nullable")]
    descriptions: Vec<Description>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    #[serde(default, deserialize_with = "nullable")]
    cwe_id: String,
}

/// Reads one record. Rejected ones say nothing.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let Record { cve_metadata: metadata, containers } = serde_json::from_slice(bytes)?;
    let dates = containers.adp.iter().map(|container| &container.provider_metadata.date_updated);
    sink.record(dates.chain([&metadata.date_updated]).filter_map(|text| time::leading_day(text)).max());
    if !is_cve(&metadata.cve_id) {
        return Err(ParseError("it has no CVE id".into()));
    }
    if metadata.state == "REJECTED" {
        return Ok(());
    }
    let mut facts = CveFacts {
        id: metadata.cve_id,
        title: title(&containers.cna.title),
        published: time::timestamp(&metadata.date_published),
        ..CveFacts::default()
    };
    let mut unreadable = 0;
    add(&mut facts, "cna", &containers.cna, &mut unreadable);
    for container in containers.adp.iter().filter(|container| container.title.starts_with("CISA ADP")) {
        add(&mut facts, "cisa", container, &mut unreadable);
        for other in container.metrics.iter().filter_map(|metric| metric.other.as_ref()) {
            match other.kind.as_str() {
                "ssvc" => facts.ssvc = ssvc(&other.content).or(facts.ssvc),
                "kev" => facts.kev = kev(&other.content).or(facts.kev),
                _ => {}
            }
        }
    }
    if unreadable > 0 {
        sink.problem(format!("{}: {unreadable} CVSS vectors cannot be read", facts.id));
    }
    facts.cwes.sort_unstable();
    facts.cwes.dedup();
    sink.facts(facts);
    Ok(())
}

/// Adds one party's ratings and weaknesses.
fn add(facts: &mut CveFacts, source: &str, container: &Container, unreadable: &mut usize) {
    let vectors = container.metrics.iter().flat_map(|metric| [&metric.v4, &metric.v31, &metric.v3, &metric.v2]).flatten();
    facts.ratings.extend(rating::ratings(source, None, vectors.map(|vector| vector.vector_string.as_str()), unreadable));
    let weaknesses = container.problem_types.iter().flat_map(|problem| &problem.descriptions);
    facts.cwes.extend(weaknesses.filter(|weakness| !weakness.cwe_id.is_empty()).filter_map(|weakness| cwe(&weakness.cwe_id)));
}

/// `options: [{"Exploitation": "poc"}, {"Automatable": "yes"}, {"Technical Impact": "total"}]`
fn ssvc(content: &Value) -> Option<Ssvc> {
    let options = content.get("options")?.as_array()?;
    let option = |name: &str| options.iter().find_map(|option| option.get(name)?.as_str()).map(str::to_ascii_lowercase);
    Some(Ssvc {
        exploitation: option("Exploitation")?,
        automatable: option("Automatable")? == "yes",
        technical_impact: option("Technical Impact")?,
    })
}

/// The catalogue itself says more; this is here for catalogues older than the record.
fn kev(content: &Value) -> Option<Kev> {
    let day = time::leading_day(content.get("dateAdded")?.as_str()?)?;
    Some(Kev { date_added: day.to_string(), ransomware: false })
}

/// Counts a record of `anchore/cve-data-enrichment`. It holds CPE configurations alone, which match no package by name:
/// nothing of it enters the database.
pub fn count_enrichment(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let _: serde::de::IgnoredAny = serde_json::from_slice(bytes)?;
    sink.record(None);
    Ok(())
}
