//! GitLab's report of a container scanning job, schema 15.0
//! (<https://gitlab.com/gitlab-org/security-products/security-report-schemas>, `container-scanning-report-format.json`).

use std::collections::BTreeMap;

use model::finding::{Finding, FindingKind, FindingStatus};
use model::misconfiguration::Misconfiguration;
use model::report::Report;
use model::secret::Secret;
use model::severity::Severity;
use serde_json::{Value, json};

use crate::ReportError;
use crate::misconfigurations::what;
use crate::sbom::short_hash;
use crate::secrets;
use crate::table::coverage::subject;
use crate::text::{one_line, web_address};

/// The version of the schema; GitLab takes every 15.x since its release 15.
const SCHEMA: &str = "15.0.7";

/// Characters of a name that the schema takes.
const MOST_NAME: usize = 255;
/// Characters of a solution that it takes; descriptions may be longer, and need not be.
const MOST_WORDS: usize = 7000;

/// Renders the findings of all reports into one document.
pub(crate) fn render(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    let version = reports.first().map(|report| report.tool_version.as_str()).unwrap_or_default();
    let time = reports.iter().map(|report| report.created).min().unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let tool = json!({
        "id": "plimsoll", "name": "Plimsoll", "version": version, "vendor": {"name": "Plimsoll"},
    });
    let vulnerabilities: Vec<Value> = reports
        .iter()
        .flat_map(|report| {
            let open = report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none());
            let places = report.misconfigurations.iter().flatten();
            let open = open.map(move |finding| vulnerability(report, finding));
            let open = open.chain(places.map(move |place| misconfiguration(report, place)));
            open.chain(secrets::open(report).map(move |one| secret(report, one)))
        })
        .collect();
    let document = json!({
        "version": SCHEMA,
        "scan": {
            "analyzer": tool, "scanner": tool, "type": "container_scanning",
            "start_time": time, "end_time": time, "status": "success",
        },
        "vulnerabilities": vulnerabilities,
    });
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn vulnerability(report: &Report, finding: &Finding) -> Value {
    let ids = std::iter::once(&finding.id).chain(&finding.aliases);
    let identifiers: Vec<Value> = ids.take(20).map(|id| identifier(id, finding)).collect();
    let links: Vec<Value> = web_address(&finding.url).map(|address| json!({"url": address})).into_iter().collect();
    let mut value = json!({
        // Stable over scans and different for each place, as GitLab tracks vulnerabilities by it.
        "id": format!("{} {}", finding.id, finding.purl),
        "name": cut(&format!("{} in {}", finding.id, finding.package), MOST_NAME),
        "description": cut(if finding.title.is_empty() { &finding.id } else { &finding.title }, MOST_WORDS),
        "severity": severity(finding),
        "location": {
            "dependency": {"package": {"name": finding.package}, "version": finding.version},
            "operating_system": subject(report),
            "image": if report.image.reference.is_empty() { "unnamed" } else { &report.image.reference },
        },
        "identifiers": identifiers,
        "links": links,
    });
    if finding.status == FindingStatus::Fixed && !finding.fixed_in.is_empty() {
        let solution = format!("Upgrade {} from {} to {}", finding.package, finding.version, finding.fixed_in.join(" or "));
        value["solution"] = cut(&solution, MOST_WORDS).into();
    }
    value
}

/// A misconfiguration beside vulnerabilities: this report has no other place for it than that of a package.
fn misconfiguration(report: &Report, one: &Misconfiguration) -> Value {
    let ids = std::iter::once(&one.id).chain(&one.aliases).take(20);
    let identifiers: Vec<Value> =
        ids.map(|id| json!({"type": "plimsoll", "name": one_line(id), "value": one_line(id)})).collect();
    let links: Vec<Value> = web_address(&one.link).map(|address| json!({"url": address})).into_iter().collect();
    let line = one.line.unwrap_or(1);
    json!({
        "id": format!("{} {}:{line} {}", one.id, one.target, one.about),
        "name": cut(&format!("{} in {}", one.id, one.target), MOST_NAME),
        "description": cut(&format!("{}. {}", what(one), one.why), MOST_WORDS),
        "severity": level(one.severity),
        "solution": cut(&one.fix, MOST_WORDS),
        "location": {
            "dependency": {"package": {"name": one.target}, "version": format!("line {line}")},
            "operating_system": subject(report),
            "image": if report.image.reference.is_empty() { "unnamed" } else { &report.image.reference },
        },
        "identifiers": identifiers,
        "links": links,
    })
}

/// A secret: in this report it lies where a package would.
fn secret(report: &Report, one: &Secret) -> Value {
    let id = secrets::rule_id(one);
    let first = one.locations.first();
    let path = first.map_or("", |place| place.path.as_str());
    let place = first.map(secrets::place).unwrap_or_default();
    json!({
        "id": format!("{id} {place} {}", one.redacted),
        "name": cut(&format!("{} in {path}", one.title), MOST_NAME),
        "description": cut(&format!("{} in {}", secrets::what(one), secrets::places(one)), MOST_WORDS),
        "severity": level(one.severity),
        "solution": cut(Secret::FIX, MOST_WORDS),
        "location": {
            "dependency": {
                "package": {"name": path},
                "version": first.and_then(|place| place.line).map_or_else(|| "-".to_owned(), |line| format!("line {line}")),
            },
            "operating_system": subject(report),
            "image": if report.image.reference.is_empty() { "unnamed" } else { &report.image.reference },
        },
        "identifiers": [{"type": "plimsoll", "name": one_line(&id), "value": one_line(&id)}],
        "links": [],
    })
}

/// Misconfigurations and secrets alone, as GitLab's report on code quality, which a merge request shows at their lines
/// (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).
pub(crate) fn code_quality(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let issues = report.misconfigurations.iter().flatten().map(|one| {
        let identity = json!([one.id, one.target, one.about, one.instruction]).to_string();
        // Alike ones are told apart by their order, so that lines above them may come and go.
        let number = seen.entry(identity.clone()).or_default();
        *number += 1;
        json!({
            "description": format!("{}. {}", what(one), one_line(&one.fix)),
            "check_name": one.id,
            "fingerprint": short_hash(&format!("{identity} {number}"), 32),
            "severity": quality(one.severity),
            "location": {"path": one.target, "lines": {"begin": one.line.unwrap_or(1)}},
        })
    });
    let mut issues: Vec<Value> = issues.collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for one in secrets::open(report) {
        let Some(place) = one.locations.first() else { continue };
        let identity = json!([one.rule, place.path, one.redacted]).to_string();
        let number = seen.entry(identity.clone()).or_default();
        *number += 1;
        issues.push(json!({
            "description": format!("{}. {}", secrets::what(one), Secret::FIX),
            "check_name": secrets::rule_id(one),
            "fingerprint": short_hash(&format!("{identity} {number}"), 32),
            "severity": quality(one.severity),
            "location": {"path": secrets::file(place), "lines": {"begin": place.line.unwrap_or(1)}},
        }));
    }
    let mut bytes = serde_json::to_vec_pretty(&issues)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn quality(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium | Severity::Unknown => "major",
        Severity::Low => "minor",
        Severity::Negligible => "info",
    }
}

/// The text up to so many characters.
fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// `cve` for CVEs, else what stands before the first dash (`ghsa`, `rustsec`).
fn identifier(id: &str, finding: &Finding) -> Value {
    let kind = id.split('-').next().unwrap_or("other").to_ascii_lowercase();
    let mut value = json!({"type": kind, "name": one_line(id), "value": one_line(id)});
    if let Some(address) = web_address(&finding.url).filter(|_| id == finding.id) {
        value["url"] = address.into();
    }
    value
}

/// A malicious package is rated by nobody and worse than any.
fn severity(finding: &Finding) -> &'static str {
    if finding.kind == FindingKind::Malicious { "Critical" } else { level(finding.severity) }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Negligible => "Info",
        Severity::Unknown => "Unknown",
    }
}
