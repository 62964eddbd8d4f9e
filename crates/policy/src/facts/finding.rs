//! A finding, as conditions see it.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use serde::Deserialize;

use super::trust::Exception;
use crate::value::Type::{Bool, Double, List, Record, Text, Time, Word};
use crate::value::{Value, is, or_null, record};

pub(crate) const KINDS: &[&str] = &["vulnerability", "malicious", "end_of_life", "unmaintained"];
pub(crate) const STATUSES: &[&str] = &["fixed", "affected", "wont_fix", "end_of_life", "under_investigation"];
/// From best to worst, `unknown` apart.
pub(crate) const SEVERITIES: &[&str] = &["unknown", "negligible", "low", "medium", "high", "critical"];
pub(crate) const OWNERS: &[&str] = &["base", "app", "platform", "unknown"];

/// What conditions mostly ask for comes first and close together: ten thousand findings are gone through for every
/// comparison of a policy, and the rest would push these out of the processor's cache.
#[derive(Debug, Deserialize)]
#[serde(from = "Row")]
pub(crate) struct Finding {
    kind: Known,
    status: Known,
    severity: Known,
    owner: Known,
    published: Option<i64>,
    fix_available_since: Option<i64>,
    risk: Option<f64>,
    in_use: Option<bool>,
    exploited: Option<Box<Exploited>>,
    epss: Option<Epss>,
    suppressed: Option<Box<str>>,
    package: Box<str>,
    rest: Box<Rest>,
}

/// What is asked for less, or to name a finding.
#[derive(Debug)]
struct Rest {
    id: String,
    aliases: Vec<String>,
    title: String,
    url: Option<String>,
    purl: String,
    package_type: String,
    version: String,
    fixed_in: Vec<String>,
    severity_source: Option<String>,
    cvss: Vec<Cvss>,
    cwes: Vec<String>,
    evidence: Vec<Evidence>,
    sources: Vec<String>,
    set_aside: Option<SetAside>,
}

/// A word of a list. By this name, as serde takes a reference for one into the report.
type Known = &'static str;

/// A finding as it is written.
#[derive(Deserialize)]
struct Row {
    id: String,
    aliases: Vec<String>,
    #[serde(deserialize_with = "kind")]
    kind: Known,
    title: String,
    url: Option<String>,
    published: Option<Timestamp>,
    purl: String,
    package: Box<str>,
    #[serde(rename = "type")]
    package_type: String,
    version: String,
    #[serde(deserialize_with = "status")]
    status: Known,
    fixed_in: Vec<String>,
    fix_available_since: Option<Timestamp>,
    #[serde(deserialize_with = "severity")]
    severity: Known,
    severity_source: Option<String>,
    cvss: Vec<Cvss>,
    cwes: Vec<String>,
    exploited: Option<Box<Exploited>>,
    epss: Option<Epss>,
    in_use: Option<bool>,
    risk: Option<f64>,
    #[serde(deserialize_with = "owner")]
    owner: Known,
    #[serde(deserialize_with = "suppressed")]
    suppressed: Option<SetAside>,
    evidence: Vec<Evidence>,
    sources: Vec<String>,
}

impl From<Row> for Finding {
    fn from(row: Row) -> Self {
        Self {
            kind: row.kind,
            status: row.status,
            severity: row.severity,
            owner: row.owner,
            published: row.published.map(Timestamp::as_second),
            fix_available_since: row.fix_available_since.map(Timestamp::as_second),
            risk: row.risk,
            in_use: row.in_use,
            exploited: row.exploited,
            epss: row.epss,
            suppressed: row.suppressed.as_ref().map(|suppressed| suppressed.reason.clone()),
            package: row.package,
            rest: Box::new(Rest {
                id: row.id,
                aliases: row.aliases,
                title: row.title,
                url: row.url,
                purl: row.purl,
                package_type: row.package_type,
                version: row.version,
                fixed_in: row.fixed_in,
                severity_source: row.severity_source,
                cvss: row.cvss,
                cwes: row.cwes,
                evidence: row.evidence,
                sources: row.sources,
                set_aside: row.suppressed,
            }),
        }
    }
}

/// One of the words that conditions are checked against: of another one no rule could speak, so the report is refused.
fn word<'de, D: serde::Deserializer<'de>>(deserializer: D, words: &'static [&'static str]) -> Result<&'static str, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    words
        .iter()
        .find(|word| **word == text)
        .copied()
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not one of {}", words.join(", "))))
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    word(deserializer, KINDS)
}

fn status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    word(deserializer, STATUSES)
}

fn severity<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    word(deserializer, SEVERITIES)
}

fn owner<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    word(deserializer, OWNERS)
}

/// What sets a finding aside.
#[derive(Debug)]
struct SetAside {
    reason: Box<str>,
    /// `vex`, `exception` or `ignore-file`; `None` in reports that told a reason alone.
    kind: Option<String>,
    author: Option<String>,
    expires: Option<Timestamp>,
}

/// A reason in words, or a record that holds one.
fn suppressed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SetAside>, D::Error> {
    let Some(value) = Option::<serde_json::Value>::deserialize(deserializer)? else { return Ok(None) };
    let text = |field: &str| value.get(field).and_then(serde_json::Value::as_str).map(str::to_owned);
    // An exception holds to the end of its last day.
    let end_of = |day: jiff::civil::Date| {
        let next = day.tomorrow().ok()?;
        jiff::tz::Offset::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()
    };
    let expires = text("expires").and_then(|day| day.parse().ok()).and_then(end_of);
    let reason = value.as_str().map(str::to_owned).or_else(|| text("reason")).unwrap_or_else(|| "suppressed".to_owned());
    Ok(Some(SetAside { reason: reason.into(), kind: text("kind"), author: text("author"), expires }))
}

impl Finding {
    /// What sets it aside; `Err` where the report does not say, `None` where nothing does or a supplier's VEX: only what
    /// somebody decided to live with is an exception.
    pub(crate) fn exception(&self) -> Result<Option<Exception>, ()> {
        let Some(set_aside) = &self.rest.set_aside else { return Ok(None) };
        match set_aside.kind.as_deref() {
            None => Err(()),
            Some("vex") => Ok(None),
            Some(_) => Ok(Some(Exception {
                id: self.rest.id.clone(),
                reason: Some(set_aside.reason.clone().into()),
                author: set_aside.author.clone(),
                expires: set_aside.expires,
                exploited: self.exploited.as_ref().is_some_and(|exploited| exploited.kev.is_some()),
            })),
        }
    }

    /// The riskiest first, then by id and package.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let risk = |finding: &Self| finding.risk.unwrap_or(-1.0);
        risk(other)
            .total_cmp(&risk(self))
            .then_with(|| self.rest.id.cmp(&other.rest.id))
            .then_with(|| self.rest.purl.cmp(&other.rest.purl))
            .then_with(|| self.rest.version.cmp(&other.rest.version))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Cvss {
    version: String,
    vector: String,
    score: Option<f64>,
    source: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Exploited {
    kev: Option<Kev>,
    exploit_code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Kev {
    date_added: String,
    ransomware: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Epss {
    score: f64,
    percentile: f64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Evidence {
    path: String,
    layer: Option<String>,
    extractor: String,
    range: String,
}

record! { Finding, FINDING, "finding",
    "id": is(Text), "the CVE where there is one, else the feed's id", |of| Value::Text(&of.rest.id);
    "aliases": is(List(&is(Text))), "all other ids", |of| Value::List(&of.rest.aliases);
    "kind": is(Word(KINDS)), "vulnerability, malicious, end_of_life or unmaintained", |of| Value::Text(of.kind);
    "title": is(Text), "one line of what it is", |of| Value::Text(&of.rest.title);
    "url": or_null(Text), "where to read more", |of| Value::text(of.rest.url.as_deref());
    "published": or_null(Time), "when it was disclosed", |of| of.published.map_or(Value::Null, Value::Time);
    "purl": is(Text), "the package's purl", |of| Value::Text(&of.rest.purl);
    "package": is(Text), "the package's name", |of| Value::Text(&of.package);
    "type": is(Text), "the package's type: deb, npm, …", |of| Value::Text(&of.rest.package_type);
    "version": is(Text), "the installed version", |of| Value::Text(&of.rest.version);
    "status": is(Word(STATUSES)), "fixed (a fix is available), affected, wont_fix, end_of_life or under_investigation", |of| Value::Text(of.status);
    "fixed_in": is(List(&is(Text))), "versions that fix it", |of| Value::List(&of.rest.fixed_in);
    "fix_available_since": or_null(Time), "when a fix became available", |of| of.fix_available_since.map_or(Value::Null, Value::Time);
    "severity": is(Word(SEVERITIES)), "critical, high, medium, low, negligible or unknown", |of| Value::Text(of.severity);
    "severity_source": or_null(Text), "whose word it is", |of| Value::text(of.rest.severity_source.as_deref());
    "cvss": is(List(&is(Record(&CVSS)))), "all known vectors", |of| Value::List(&of.rest.cvss);
    "cwes": is(List(&is(Text))), "CWE-79, …", |of| Value::List(&of.rest.cwes);
    "exploited": or_null(Record(&EXPLOITED)), "null where the database holds no such feed", |of| Value::record(of.exploited.as_deref());
    "epss": or_null(Record(&EPSS)), "exploit prediction", |of| Value::record(of.epss.as_ref());
    "in_use": or_null(Bool), "seen in use at run-time; null where nobody looked", |of| of.in_use.map_or(Value::Null, Value::Bool);
    "risk": or_null(Double), "0 to 100", |of| Value::double(of.risk);
    "owner": is(Word(OWNERS)), "whose job it is: base, app, platform or unknown", |of| Value::Text(of.owner);
    "suppressed": or_null(Text), "why an exception or VEX says it does not count", |of| Value::text(of.suppressed.as_deref());
    "evidence": is(List(&is(Record(&EVIDENCE)))), "where and why", |of| Value::List(&of.rest.evidence);
    "sources": is(List(&is(Text))), "feeds that say so", |of| Value::List(&of.rest.sources);
}

record! { Cvss, CVSS, "cvss",
    "version": is(Text), "3.1, …", |of| Value::Text(&of.version);
    "vector": is(Text), "the vector", |of| Value::Text(&of.vector);
    "score": or_null(Double), "its score", |of| Value::double(of.score);
    "source": is(Text), "who rates so", |of| Value::Text(&of.source);
}

record! { Exploited, EXPLOITED, "exploited",
    "kev": or_null(Record(&KEV)), "CISA's catalogue of what is known to be exploited", |of| Value::record(of.kev.as_ref());
    "exploit_code": or_null(Text), "metasploit, exploitdb or poc", |of| Value::text(of.exploit_code.as_deref());
}

record! { Kev, KEV, "kev",
    "date_added": is(Text), "YYYY-MM-DD", |of| Value::Text(&of.date_added);
    "ransomware": is(Bool), "used by ransomware", |of| Value::Bool(of.ransomware);
}

record! { Epss, EPSS, "epss",
    "score": is(Double), "0 to 1: how likely it is exploited within 30 days", |of| Value::Double(of.score);
    "percentile": is(Double), "0 to 1", |of| Value::Double(of.percentile);
}

record! { Evidence, EVIDENCE, "evidence",
    "path": is(Text), "the file", |of| Value::Text(&of.path);
    "layer": or_null(Text), "diff id", |of| Value::text(of.layer.as_deref());
    "extractor": is(Text), "who found the package", |of| Value::Text(&of.extractor);
    "range": is(Text), "the matched range", |of| Value::Text(&of.range);
}
