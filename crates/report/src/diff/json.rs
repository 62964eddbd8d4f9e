//! `plimsoll.diff/v1`: the difference, for programs. `v1` only grows.

use jiff::Timestamp;
use model::digest::Digest;
use model::report::Report;
use model::secret::Secret;
use model::severity::Severity;
use serde::Serialize;

use super::{Diff, PackageChange};
use crate::ReportError;
use crate::funnel::Funnel;
use crate::json::{DecisionRow, FindingRow};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    old: Side<'a>,
    new: Side<'a>,
    packages: Packages<'a>,
    findings: Findings<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secrets: Option<Secrets<'a>>,
    decision: Option<DecisionRow<'a>>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Side<'a> {
    reference: &'a str,
    digest: Option<Digest>,
    config_digest: Option<Digest>,
    created: Timestamp,
    database: Option<String>,
    funnel: Funnel,
}

#[derive(Serialize)]
struct Packages<'a> {
    added: Vec<PackageRow<'a>>,
    removed: Vec<PackageRow<'a>>,
    changed: Vec<PackageRow<'a>>,
}

#[derive(Serialize)]
struct PackageRow<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    old: &'a [&'a str],
    new: &'a [&'a str],
}

#[derive(Serialize)]
struct Findings<'a> {
    new: Vec<FindingRow<'a>>,
    fixed: Vec<FixedRow<'a>>,
    changed: Vec<ChangedRow<'a>>,
    same: usize,
}

/// Where both reports looked for them.
#[derive(Serialize)]
struct Secrets<'a> {
    new: &'a [&'a Secret],
    fixed: &'a [&'a Secret],
}

#[derive(Serialize)]
struct FixedRow<'a> {
    id: &'a str,
    purl: &'a str,
    package: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'a str,
    severity: Severity,
    risk: Option<f64>,
    how: &'static str,
    detail: String,
}

#[derive(Serialize)]
struct ChangedRow<'a> {
    id: &'a str,
    purl: &'a str,
    package: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    changes: Vec<ChangeRow<'a>>,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    field: &'static str,
    old: &'a str,
    new: &'a str,
}

pub(super) fn render(diff: &Diff<'_>) -> Result<Vec<u8>, ReportError> {
    let packages = |wanted: fn(&PackageChange<'_>) -> bool| {
        let rows = diff.packages.iter().filter(|change| wanted(change));
        rows.map(|change| PackageRow { kind: change.kind.name(), name: change.name, old: &change.old, new: &change.new })
            .collect()
    };
    let document = Document {
        schema: "plimsoll.diff/v1",
        tool: Tool { name: "plimsoll", version: &diff.new.tool_version },
        old: side(diff.old),
        new: side(diff.new),
        packages: Packages {
            added: packages(|change| change.old.is_empty()),
            removed: packages(|change| change.new.is_empty()),
            changed: packages(|change| !change.old.is_empty() && !change.new.is_empty()),
        },
        findings: Findings {
            new: diff.brought.iter().map(|finding| FindingRow::new(finding)).collect(),
            fixed: diff
                .fixed
                .iter()
                .map(|fixed| FixedRow {
                    id: &fixed.finding.id,
                    purl: &fixed.finding.purl,
                    package: &fixed.finding.package,
                    kind: fixed.finding.package_type.name(),
                    version: &fixed.finding.version,
                    severity: fixed.finding.severity,
                    risk: fixed.finding.risk,
                    how: fixed.how.name(),
                    detail: fixed.how.words(),
                })
                .collect(),
            changed: diff
                .changed
                .iter()
                .map(|changed| ChangedRow {
                    id: &changed.finding.id,
                    purl: &changed.finding.purl,
                    package: &changed.finding.package,
                    kind: changed.finding.package_type.name(),
                    changes: changed
                        .changes
                        .iter()
                        .map(|change| ChangeRow { field: change.field, old: &change.old, new: &change.new })
                        .collect(),
                })
                .collect(),
            same: diff.same,
        },
        secrets: (diff.old.secrets.is_some() && diff.new.secrets.is_some())
            .then_some(Secrets { new: &diff.brought_secrets, fixed: &diff.fixed_secrets }),
        decision: diff.decision.map(DecisionRow::new),
        warnings: &diff.warnings,
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn side(report: &Report) -> Side<'_> {
    Side {
        reference: &report.image.reference,
        digest: report.image.digest,
        config_digest: report.image.config_digest,
        created: report.created,
        database: report.database.sha256.map(|digest| digest.hex()),
        funnel: Funnel::of(report),
    }
}
