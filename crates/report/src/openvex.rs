//! OpenVEX 0.2.0 (<https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>): what was found, as statements about the
//! image, for whoever scans it next.
//!
//! The product is the image, its subcomponents are the packages. What was set aside keeps the status it was given; what
//! nobody judged is `affected` with what to do, or `under_investigation` where the vendor is still looking.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::finding::{Finding, FindingKind, FindingStatus};
use model::image::ImageInfo;
use model::reference::Reference;
use model::report::Report;
use model::vex::VexStatus;
use serde::Serialize;

use crate::ReportError;
use crate::sbom::short_hash;
use crate::text::percent_encode;

/// Reasons that the format knows ("status justifications"); others are told in words.
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

#[derive(Serialize)]
struct Document {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: &'static str,
    role: &'static str,
    timestamp: Timestamp,
    version: u32,
    tooling: String,
    statements: Vec<Statement>,
}

#[derive(Serialize)]
struct Statement {
    vulnerability: Vulnerability,
    products: [Product; 1],
    status: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    status_notes: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    justification: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    impact_statement: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    action_statement: String,
}

#[derive(Serialize)]
struct Vulnerability {
    name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
}

#[derive(Clone, Serialize)]
struct Product {
    #[serde(rename = "@id")]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifiers: Option<Identifiers>,
    subcomponents: Vec<Component>,
}

#[derive(Clone, Serialize)]
struct Identifiers {
    purl: String,
}

#[derive(Clone, Serialize)]
struct Component {
    #[serde(rename = "@id")]
    id: String,
}

/// What statements about the same vulnerability must share to be one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Verdict {
    status: VexStatus,
    notes: String,
    justification: String,
    impact: String,
    action: String,
}

/// Renders one document for all reports.
pub(crate) fn render(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    if reports.iter().any(|report| report.findings.is_none()) {
        return Err(ReportError::NothingJudged { format: "OpenVEX" });
    }
    let statements: Vec<Statement> = reports.iter().flat_map(statements).collect();
    let timestamp = reports.iter().map(|report| report.created).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let content = serde_json::to_string(&(&statements, timestamp))?;
    let mut bytes = serde_json::to_vec_pretty(&Document {
        context: "https://openvex.dev/ns/v0.2.0",
        // The content names the document, as vexctl does it: the same findings have the same id.
        id: format!("https://openvex.dev/docs/public/vex-{}", short_hash(&content, 64)),
        author: "plimsoll",
        role: "Scanner",
        timestamp,
        version: 1,
        tooling: reports.first().map(|report| format!("plimsoll {}", report.tool_version)).unwrap_or_default(),
        statements,
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn statements(report: &Report) -> Vec<Statement> {
    let product = image(&report.image);
    let mut groups: BTreeMap<(&str, Verdict), Vec<&Finding>> = BTreeMap::new();
    // The format knows vulnerabilities alone; the end of a release is none.
    let weaknesses = |finding: &&Finding| matches!(finding.kind, FindingKind::Vulnerability | FindingKind::Malicious);
    for finding in report.findings.iter().flatten().filter(weaknesses) {
        groups.entry((&finding.id, verdict(finding))).or_default().push(finding);
    }
    groups
        .into_iter()
        .map(|((id, verdict), findings)| {
            let aliases: BTreeSet<&String> = findings.iter().flat_map(|finding| &finding.aliases).collect();
            let packages: BTreeSet<&String> = findings.iter().map(|finding| &finding.purl).collect();
            let subcomponents = packages.into_iter().map(|purl| Component { id: purl.clone() }).collect();
            Statement {
                vulnerability: Vulnerability { name: id.to_owned(), aliases: aliases.into_iter().cloned().collect() },
                products: [Product { subcomponents, ..product.clone() }],
                status: verdict.status.name(),
                status_notes: verdict.notes,
                justification: verdict.justification,
                impact_statement: verdict.impact,
                action_statement: verdict.action,
            }
        })
        .collect()
}

fn verdict(finding: &Finding) -> Verdict {
    let mut verdict = Verdict {
        status: VexStatus::Affected,
        notes: String::new(),
        justification: String::new(),
        impact: String::new(),
        action: String::new(),
    };
    let Some(suppression) = &finding.suppressed else {
        if finding.status == FindingStatus::UnderInvestigation {
            verdict.status = VexStatus::UnderInvestigation;
        } else {
            verdict.action = action(finding);
        }
        return verdict;
    };
    let justified = JUSTIFICATIONS.contains(&suppression.justification.as_str());
    // An exception lives with a finding: only where it says why the image is not affected does it say that.
    verdict.status = suppression.status.unwrap_or(if justified { VexStatus::NotAffected } else { VexStatus::Affected });
    match verdict.status {
        VexStatus::NotAffected => {
            // The format takes one of them, never both.
            if justified {
                verdict.justification.clone_from(&suppression.justification);
                verdict.notes = suppression.words();
            } else {
                verdict.impact = suppression.words();
            }
        }
        VexStatus::Affected => {
            verdict.action = action(finding);
            verdict.notes = format!("accepted: {}", suppression.words());
        }
        VexStatus::Fixed | VexStatus::UnderInvestigation => verdict.notes = suppression.words(),
    }
    verdict
}

/// What can be done; the format wants it of everything that is affected.
fn action(finding: &Finding) -> String {
    match finding.status {
        _ if finding.kind == FindingKind::Malicious => format!("Remove {} {}", finding.package, finding.version),
        _ if !finding.fixed_in.is_empty() => format!("Upgrade {} to {}", finding.package, finding.fixed_in.join(" or ")),
        FindingStatus::Fixed => format!("Upgrade {}: a fix is available", finding.package),
        FindingStatus::WontFix => "The vendor will not fix it".to_owned(),
        FindingStatus::EndOfLife => "The release gets no more fixes; move to a supported one".to_owned(),
        FindingStatus::Affected | FindingStatus::UnderInvestigation => "No fix is known yet".to_owned(),
    }
}

/// The image as a purl of the type `oci`: by digest, and by repository and tag as far as they are known.
fn image(image: &ImageInfo) -> Product {
    let named = image.names.first().map_or(image.reference.as_str(), String::as_str);
    let reference = image.named().or_else(|| image.names.iter().find_map(|name| name.parse::<Reference>().ok()));
    // What `docker save` wrote has no manifest; its configuration names the content as well.
    let digest = image.digest.or(image.config_digest);
    let name = reference.as_ref().map(|reference| reference.repository.rsplit('/').next().unwrap_or_default().to_owned());
    let Some(name) = name.or_else(|| digest.map(|_| "image".to_owned())) else {
        // A folder has neither name nor digest that anybody else could know.
        return Product { id: named.to_owned(), identifiers: None, subcomponents: Vec::new() };
    };
    let mut purl = format!("pkg:oci/{name}");
    if let Some(digest) = digest {
        purl.push_str(&format!("@{}", digest.to_string().replace(':', "%3A")));
    }
    let mut qualifiers = Vec::new();
    if let Some(platform) = &image.platform {
        qualifiers.push(format!("arch={}", percent_encode(&platform.architecture)));
    }
    if let Some(reference) = &reference {
        qualifiers.push(format!("repository_url={}/{}", reference.registry, reference.repository));
        qualifiers.extend(reference.tag.as_ref().map(|tag| format!("tag={}", percent_encode(tag))));
    }
    if !qualifiers.is_empty() {
        purl.push_str(&format!("?{}", qualifiers.join("&")));
    }
    Product { id: purl.clone(), identifiers: Some(Identifiers { purl }), subcomponents: Vec::new() }
}
