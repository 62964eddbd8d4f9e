//! Trivy's JSON, schema version 2, so that what reads Trivy today reads us
//! (<https://trivy.dev/docs/latest/configuration/reporting/#json>). What it has no field for (risk, owner, usage, coverage)
//! stands in `--format json` alone; the end of a distribution's life is its `EOSL`, a malicious package a finding as in Trivy.

pub(crate) mod names;

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::digest::Digest;
use model::finding::{Finding, FindingKind, FindingStatus};
use model::package::Package;
use model::report::Report;
use model::severity::Severity;
use serde::Serialize;
use serde_json::{Value, json};

use crate::ReportError;
use crate::sbom::only;

/// One report; Trivy's form has no room for several.
pub(crate) fn render(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    let report = only("Trivy JSON", reports)?;
    if report.findings.is_none() && report.secrets.is_none() {
        return Err(ReportError::NothingJudged { format: "Trivy JSON" });
    }
    let mut bytes = serde_json::to_vec_pretty(&document(report))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// In Trivy's order of fields; what is empty is left away, as Trivy does.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    schema_version: u8,
    created_at: Timestamp,
    artifact_name: &'a str,
    artifact_type: &'static str,
    metadata: Value,
    results: Vec<ResultRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultRow<'a> {
    target: String,
    class: &'static str,
    #[serde(rename = "Type", skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    packages: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vulnerabilities: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    experimental_modified_findings: Vec<Value>,
}

fn document(report: &Report) -> Document<'_> {
    let artifact_type = match report.image.source.as_str() {
        "rootfs" => "filesystem",
        "source" => "repository",
        "sbom" => "cyclonedx",
        _ => "container_image",
    };
    Document {
        schema_version: 2,
        created_at: report.created,
        artifact_name: &report.image.reference,
        artifact_type,
        metadata: metadata(report),
        results: results(report),
    }
}

fn text(digest: Option<Digest>) -> Option<String> {
    digest.map(|digest| digest.to_string())
}

/// Without the fields that are `null`: Trivy's own reader takes them for empty values.
fn told(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| match value {
            Value::Null => false,
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::String(text) => !text.is_empty(),
            _ => true,
        });
    }
    value
}

fn metadata(report: &Report) -> Value {
    let image = &report.image;
    let os = report.distro.as_ref().map(|distro| {
        let ended =
            report.distro_eol.as_ref().is_some_and(|eol| eol.as_str() < report.created.strftime("%F").to_string().as_str());
        let mut os = json!({ "Family": names::family(distro), "Name": distro.version_id });
        if ended {
            os["EOSL"] = json!(true);
        }
        os
    });
    let named = image.named();
    let repo_digest =
        named.as_ref().zip(image.digest).map(|(name, digest)| format!("{}/{}@{digest}", name.registry, name.repository));
    let diff_ids: Vec<String> = image.layers.iter().filter_map(|layer| text(layer.diff_id)).collect();
    let config = image.platform.as_ref().map(|platform| {
        let run = told(json!({
            "User": image.user,
            "ExposedPorts": image.exposed_ports.iter().map(|port| (port.clone(), json!({}))).collect::<serde_json::Map<_, _>>(),
            "Entrypoint": image.command,
            "Labels": image.labels,
        }));
        // A zero time is what Go writes where nobody said when; its reader needs one.
        let created = image.created.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |time| time.to_string());
        json!({
            "architecture": platform.architecture,
            "created": created,
            "os": platform.os,
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
            "config": run,
        })
    });
    told(json!({
        "Size": image.layers.iter().map(|layer| layer.size).sum::<u64>(),
        "OS": os,
        "ImageID": text(image.config_digest),
        "DiffIDs": diff_ids,
        "RepoTags": image.names,
        "RepoDigests": repo_digest.into_iter().collect::<Vec<_>>(),
        "ImageConfig": config,
    }))
}

/// The distribution's packages first, then those of each type, then what lies in a lock file or a program of its own.
fn results(report: &Report) -> Vec<ResultRow<'_>> {
    let mut of_purl: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().flatten().filter(|finding| finding.kind != FindingKind::EndOfLife) {
        of_purl.entry(&finding.purl).or_default().push(finding);
    }
    let layers: BTreeMap<Digest, Option<Digest>> =
        report.image.layers.iter().filter_map(|layer| Some((layer.diff_id?, layer.digest))).collect();
    let mut rows: BTreeMap<(bool, &str), ResultRow<'_>> = BTreeMap::new();
    for (purl, package) in &report.packages {
        let family = report.distro.as_ref().map(names::family).filter(|_| package.kind.is_os());
        let kind = family.unwrap_or_else(|| names::result_type(package.kind));
        let row = rows.entry((family.is_none(), kind)).or_insert_with(|| ResultRow {
            target: match (&report.distro, family) {
                (Some(distro), Some(family)) => format!("{} ({family} {})", report.image.reference, distro.version_id),
                _ => target(kind).to_owned(),
            },
            class: if family.is_some() { "os-pkgs" } else { "lang-pkgs" },
            kind,
            packages: Vec::new(),
            vulnerabilities: Vec::new(),
            secrets: Vec::new(),
            experimental_modified_findings: Vec::new(),
        });
        let layer = layer(package, &layers);
        row.packages.push(package_row(purl, package, &layer));
        for finding in of_purl.get(purl.as_str()).into_iter().flatten() {
            let vulnerability = vulnerability(finding, package, &layer);
            match &finding.suppressed {
                None => row.vulnerabilities.push(vulnerability),
                Some(suppressed) => row.experimental_modified_findings.push(told(json!({
                    "Type": "vulnerability",
                    "Status": suppressed.status.map_or("ignored", model::vex::VexStatus::name),
                    "Statement": if suppressed.reason.is_empty() { &suppressed.justification } else { &suppressed.reason },
                    "Source": suppressed.source,
                    "Finding": vulnerability,
                }))),
            }
        }
    }
    let mut rows: Vec<ResultRow<'_>> = rows.into_values().collect();
    for row in &mut rows {
        // As the packages come by purl, findings come with them; Trivy's readers expect them by package and id.
        let key = |one: &Value| {
            (
                one["PkgName"].as_str().unwrap_or_default().to_owned(),
                one["VulnerabilityID"].as_str().unwrap_or_default().to_owned(),
            )
        };
        row.vulnerabilities.sort_by_key(key);
    }
    rows.extend(secrets(report, &layers));
    rows
}

/// A result for each place that holds secrets, as Trivy has them. `config:` and `history:` are places of ours alone.
fn secrets<'a>(report: &'a Report, layers: &BTreeMap<Digest, Option<Digest>>) -> impl Iterator<Item = ResultRow<'a>> {
    let mut rows: BTreeMap<&str, ResultRow<'a>> = BTreeMap::new();
    for secret in report.secrets.iter().flatten() {
        for place in &secret.locations {
            let row = rows.entry(&place.path).or_insert_with(|| ResultRow {
                target: place.path.clone(),
                class: "secret",
                kind: "",
                packages: Vec::new(),
                vulnerabilities: Vec::new(),
                secrets: Vec::new(),
                experimental_modified_findings: Vec::new(),
            });
            let digest = place.layer.and_then(|diff_id| layers.get(&diff_id).copied().flatten());
            let line = place.line.unwrap_or(1);
            let value = told(json!({
                "RuleID": secret.rule,
                "Category": "Secret",
                "Severity": severity(secret.severity),
                "Title": secret.title,
                "StartLine": line,
                "EndLine": line,
                "Match": secret.redacted,
                "Layer": told(json!({ "Digest": text(digest), "DiffID": text(place.layer) })),
            }));
            match &secret.suppressed {
                None => row.secrets.push(value),
                Some(why) => row.experimental_modified_findings.push(json!({
                    "Type": "secret",
                    "Status": "ignored",
                    "Statement": why,
                    "Source": "plimsoll",
                    "Finding": value,
                })),
            }
        }
    }
    rows.into_values()
}

/// What Trivy calls the packages of a type that it finds one by one.
fn target(kind: &str) -> &str {
    match kind {
        "python-pkg" => "Python",
        "node-pkg" => "Node.js",
        "jar" => "Java",
        "gemspec" => "Ruby",
        "conda-pkg" => "Conda",
        other => other,
    }
}

fn layer(package: &Package, layers: &BTreeMap<Digest, Option<Digest>>) -> Value {
    let diff_id = package.locations.first().and_then(|location| location.layer);
    let digest = diff_id.and_then(|diff_id| layers.get(&diff_id).copied().flatten());
    told(json!({ "Digest": text(digest), "DiffID": text(diff_id) }))
}

/// `name@version`, by which packages and findings of a result belong together.
fn id(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}

fn path(package: &Package) -> &str {
    // A distribution's packages have no file of their own.
    let path = package.locations.first().map_or("", |location| location.path.as_str());
    if package.kind.is_os() { "" } else { path.trim_start_matches('/') }
}

fn package_row(purl: &str, package: &Package, layer: &Value) -> Value {
    let source = package.source.as_ref();
    told(json!({
        "ID": id(package),
        "Name": package.name,
        "Identifier": { "PURL": purl },
        "Version": package.version,
        "Arch": package.architecture,
        "SrcName": source.map(|source| &source.name),
        "SrcVersion": source.map(|source| &source.version),
        "Licenses": package.licenses,
        "Maintainer": package.vendor,
        "Layer": layer,
        "FilePath": path(package),
    }))
}

fn vulnerability(finding: &Finding, package: &Package, layer: &Value) -> Value {
    let mut cvss: BTreeMap<&str, serde_json::Map<String, Value>> = BTreeMap::new();
    for one in &finding.cvss {
        let version = match one.version.as_str() {
            "2.0" => "V2",
            "4.0" => "V40",
            _ => "V3",
        };
        let scores = cvss.entry(&one.source).or_default();
        scores.insert(format!("{version}Vector"), json!(one.vector));
        scores.insert(format!("{version}Score"), json!(one.score));
    }
    told(json!({
        "VulnerabilityID": finding.id,
        "VendorIDs": finding.aliases,
        "PkgID": id(package),
        "PkgName": finding.package,
        "PkgPath": path(package),
        "PkgIdentifier": { "PURL": finding.purl },
        "InstalledVersion": finding.version,
        "FixedVersion": finding.fixed_in.join(", "),
        "Status": status(finding.status),
        "Layer": layer,
        "SeveritySource": finding.severity_source,
        "PrimaryURL": finding.url,
        "DataSource": finding.sources.first().map(|source| json!({ "ID": source, "Name": source, "URL": "" })),
        "Title": finding.title,
        "Severity": severity(finding.severity),
        "CweIDs": finding.cwes,
        "CVSS": cvss,
        "References": if finding.url.is_empty() { Vec::new() } else { vec![&finding.url] },
        "PublishedDate": finding.published,
    }))
}

fn status(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Fixed => "fixed",
        FindingStatus::Affected => "affected",
        FindingStatus::WontFix => "will_not_fix",
        FindingStatus::EndOfLife => "end_of_life",
        FindingStatus::UnderInvestigation => "under_investigation",
    }
}

/// Trivy knows no `negligible`: what is rated so is low to it.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low | Severity::Negligible => "LOW",
        Severity::Unknown => "UNKNOWN",
    }
}
