//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), for code-scanning services: one run
//! for each report.

#![expect(clippy::struct_field_names, reason = "the names are those of the format")]

mod misconfigurations;
mod secrets;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use model::finding::{Finding, FindingKind};
use model::report::Report;
use model::severity::Severity;
use serde::Serialize;

use crate::ReportError;
use crate::json::CoverageRow;
use crate::sbom::short_hash;
use crate::text::{one_line, percent_encode, web_address};

/// The root of the image, that paths are relative to.
const ROOT: &str = "ROOTPATH";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    automation_details: AutomationDetails,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, ArtifactLocation>,
    column_kind: &'static str,
    results: Vec<Alert<'a>>,
    properties: RunProperties<'a>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'static str,
    #[serde(rename = "fullName")]
    full_name: &'static str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

/// Tells runs over different images apart.
#[derive(Serialize)]
struct AutomationDetails {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: Cow<'a, str>,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    help: Help,
    default_configuration: Configuration,
    properties: Rating,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Rating {
    precision: &'static str,
    #[serde(rename = "security-severity")]
    security_severity: String,
    tags: Vec<String>,
}

/// One result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Alert<'a> {
    rule_id: Cow<'a, str>,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: AlertProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

/// Services show nothing without a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AlertProperties<'a> {
    Package(PackageProperties<'a>),
    Rule(misconfigurations::RuleProperties<'a>),
    Secret(secrets::SecretProperties<'a>),
}

#[derive(Serialize)]
struct PackageProperties<'a> {
    purl: &'a str,
    package: &'a str,
    version: &'a str,
    status: &'static str,
    fixed_in: &'a [String],
    severity: Severity,
    known_exploited: bool,
}

#[derive(Serialize)]
struct RunProperties<'a> {
    image: &'a str,
    digest: Option<model::digest::Digest>,
    coverage: Vec<CoverageRow<'a>>,
    hidden_by_filters: usize,
}

/// Renders one run for each report.
pub(crate) fn render(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(&Document {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: reports.iter().map(run).collect(),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn run(report: &Report) -> Run<'_> {
    let findings: &[Finding] = report.findings.as_deref().unwrap_or_default();
    let mut by_id: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_id.entry(&finding.id).or_default().push(finding);
    }
    let index: BTreeMap<&str, usize> = by_id.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut rules: Vec<Rule<'_>> = by_id.into_iter().map(|(id, findings)| rule(id, &findings)).collect();
    let mut results: Vec<Alert<'_>> =
        findings.iter().map(|finding| result(finding, index.get(finding.id.as_str()).copied().unwrap_or_default())).collect();
    let places = report.misconfigurations.as_deref().unwrap_or_default();
    misconfigurations::write(places, &mut rules, &mut results);
    secrets::write(report, &mut rules, &mut results);
    let of_files = report.findings.is_none()
        && (report.misconfigurations.is_some() || (report.secrets.is_some() && report.image.source == "source"));
    let platform = report.image.platform.as_ref().map_or_else(String::new, |platform| format!("/{platform}"));
    let mut warnings = crate::table::coverage::warnings(report);
    if of_files {
        warnings.clone_from(&report.warnings);
    } else if report.findings.is_none() && report.secrets.is_none() {
        warnings.push("nothing was judged: this is an inventory alone".to_owned());
    }
    Run {
        tool: Tool {
            driver: Driver {
                name: "Plimsoll",
                full_name: "Plimsoll container image scanner",
                version: &report.tool_version,
                rules,
            },
        },
        automation_details: AutomationDetails {
            id: if of_files { "plimsoll-check/".to_owned() } else { format!("plimsoll{platform}/") },
        },
        invocations: [Invocation {
            execution_successful: true,
            tool_execution_notifications: warnings
                .into_iter()
                .map(|text| Notification { level: "warning", message: Text { text } })
                .collect(),
        }],
        original_uri_base_ids: [(ROOT, ArtifactLocation { uri: "file:///".to_owned(), uri_base_id: None })].into(),
        column_kind: "utf16CodeUnits",
        results,
        properties: RunProperties {
            image: &report.image.reference,
            digest: report.image.digest,
            coverage: report.coverage.iter().map(CoverageRow::new).collect(),
            hidden_by_filters: report.hidden_by_filters,
        },
    }
}

/// What nobody rated is a warning: unknown never means harmless.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low | Severity::Negligible => "note",
    }
}

/// The number that code-scanning services sort into levels by: over 9.0 critical, from 7.0 high, from 4.0 medium. It is
/// the best known score that agrees with the chosen severity, else the middle of that severity.
fn security_severity(findings: &[&Finding], severity: Severity) -> String {
    let scores = findings.iter().filter(|finding| finding.severity == severity).flat_map(|finding| &finding.cvss);
    let agreeing = scores.map(|cvss| cvss.score).filter(|score| Severity::from_score(*score) == severity).reduce(f64::max);
    let score = agreeing.unwrap_or(match severity {
        Severity::Critical => 9.5,
        Severity::High => 8.0,
        // What nobody rated is looked at like the middle.
        Severity::Medium | Severity::Unknown => 5.5,
        Severity::Low => 2.0,
        Severity::Negligible => 0.1,
    });
    format!("{score:.1}")
}

fn rule<'a>(id: &'a str, findings: &[&'a Finding]) -> Rule<'a> {
    let severity = findings.iter().map(|finding| finding.severity).max().unwrap_or_default();
    let kind = findings.first().map_or(FindingKind::Vulnerability, |finding| finding.kind);
    let title = findings.iter().map(|finding| finding.title.as_str()).find(|title| !title.is_empty()).unwrap_or(id);
    let title = one_line(title);
    let address = findings.iter().find_map(|finding| web_address(&finding.url));
    let packages: BTreeSet<String> = findings.iter().map(|finding| one_line(&finding.package)).collect();
    let fixes: BTreeSet<&str> = findings.iter().flat_map(|finding| &finding.fixed_in).map(String::as_str).collect();
    let fix = if fixes.is_empty() {
        "No fixed version is known.".to_owned()
    } else {
        format!("Fixed in {}.", one_line(&fixes.into_iter().collect::<Vec<_>>().join(", ")))
    };
    let exploited = if findings.iter().any(|finding| finding.is_known_exploited()) { " Known to be exploited." } else { "" };
    let packages = packages.into_iter().collect::<Vec<_>>().join(", ");
    let text = format!("{title}\nSeverity: {severity}.{exploited}\nPackages: {packages}\n{fix}");
    let link = address.map_or_else(String::new, |address| format!("\n\n<{address}>"));
    let mut tags = vec!["security".to_owned(), kind.name().to_owned(), severity.name().to_owned()];
    tags.extend(
        findings.iter().flat_map(|finding| &finding.cwes).map(|cwe| format!("external/cwe/{}", cwe.to_ascii_lowercase())),
    );
    tags.extend((!exploited.is_empty()).then(|| "known-exploited".to_owned()));
    // Tags are a set.
    let tags: BTreeSet<String> = tags.into_iter().collect();
    Rule {
        id: id.into(),
        name: match kind {
            FindingKind::Vulnerability => "VulnerablePackage",
            FindingKind::Malicious => "MaliciousPackage",
            FindingKind::EndOfLife => "EndOfLife",
            FindingKind::Unmaintained => "UnmaintainedPackage",
        },
        short_description: Text { text: format!("{}: {title}", one_line(id)) },
        full_description: Text { text: title.clone() },
        help_uri: address,
        help: Help {
            text: text.clone(),
            markdown: format!(
                "**{}**\n\n| severity | packages | fix |\n| --- | --- | --- |\n| {severity} | {} | {} |{link}",
                markdown(&title),
                markdown(&packages),
                markdown(&format!("{fix}{exploited}"))
            ),
        },
        default_configuration: Configuration { level: level(severity) },
        properties: Rating {
            precision: "very-high",
            security_severity: security_severity(findings, severity),
            tags: tags.into_iter().collect(),
        },
    }
}

/// Text that Markdown takes as it stands: no markup, no table cell ended, no HTML.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

fn result(finding: &Finding, rule_index: usize) -> Alert<'_> {
    let installed = one_line(&format!("{} {}", finding.package, finding.version));
    let what = match finding.kind {
        FindingKind::Vulnerability => format!("{installed} is affected by {}", one_line(&finding.id)),
        FindingKind::Malicious => format!("{installed} is malicious ({})", one_line(&finding.id)),
        FindingKind::EndOfLife => format!("{installed} is past its end of life"),
        FindingKind::Unmaintained => format!("{installed} is maintained by nobody ({})", one_line(&finding.id)),
    };
    let fix = if finding.fixed_in.is_empty() {
        format!("no fix: {}", finding.status.name().replace('_', " "))
    } else {
        format!("fixed in {}", one_line(&finding.fixed_in.join(", ")))
    };
    let exploited = if finding.is_known_exploited() { ", known to be exploited" } else { "" };
    let title = if finding.title.is_empty() { String::new() } else { format!(": {}", one_line(&finding.title)) };
    let paths: BTreeSet<&str> = finding.evidence.iter().map(|evidence| evidence.path.as_str()).collect();
    let locations: Vec<Location> = paths
        .iter()
        .map(|path| Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: percent_encode(path.trim_start_matches('/')),
                    uri_base_id: Some(ROOT),
                },
                region: Region { start_line: 1, snippet: None },
            },
            logical_locations: vec![LogicalLocation { fully_qualified_name: finding.purl.clone(), kind: "package" }],
            message: Some(Text { text: format!("{} in {}", installed, one_line(path)) }),
        })
        .collect();
    // Neither the version nor the layer: the same weakness stays the same alert after a rebuild.
    let identity = serde_json::json!([finding.id, finding.package_type.name(), finding.package, paths.first()]).to_string();
    Alert {
        rule_id: finding.id.as_str().into(),
        rule_index,
        level: level(finding.severity),
        message: Text { text: format!("{what} ({}, {fix}{exploited}){title}", finding.severity) },
        locations,
        partial_fingerprints: [("plimsoll/v1", short_hash(&identity, 16))].into(),
        rank: finding.risk.filter(|risk| (0.0..=100.0).contains(risk)),
        suppressions: finding
            .suppressed
            .iter()
            .map(|why| Suppression { kind: "external", status: "accepted", justification: why.words() })
            .collect(),
        properties: AlertProperties::Package(PackageProperties {
            purl: &finding.purl,
            package: &finding.package,
            version: &finding.version,
            status: finding.status.name(),
            fixed_in: &finding.fixed_in,
            severity: finding.severity,
            known_exploited: finding.is_known_exploited(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_takes_no_markup_from_outside() {
        assert_eq!(markdown("<b>|[x](y)`"), "&lt;b&gt;\\|\\[x\\](y)\\`");
    }

    #[test]
    fn what_nobody_rated_is_not_harmless() {
        assert_eq!(level(Severity::Unknown), "warning");
        assert_eq!(security_severity(&[], Severity::Unknown), "5.5");
    }
}
