//! CycloneDX as VEX: the `analysis` of `vulnerabilities` (<https://cyclonedx.org/docs/1.6/json/#vulnerabilities>), in a
//! document of its own or beside the components of an SBOM.
//!
//! What a vulnerability affects is a `bom-ref` of the same document, a BOM-Link into another
//! (`urn:cdx:SERIAL/VERSION#BOM-REF`, <https://cyclonedx.org/capabilities/bomlink/>), or, as many tools write, a package
//! URL. Where the document has a subject of its own, statements hold within that subject alone.

use std::collections::HashMap;

use model::vex::{VexProduct, VexStatement, VexStatus};
use serde::Deserialize;

use super::record::{nullable, title};
use super::{ParseError, Sink, time};

/// Deepest nesting of components.
const DEPTH_LIMIT: usize = 32;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    bom_format: String,
    #[serde(default, deserialize_with = "nullable")]
    serial_number: String,
    #[serde(default, deserialize_with = "nullable")]
    metadata: Metadata,
    #[serde(default, deserialize_with = "nullable")]
    components: Vec<Component>,
    #[serde(default, deserialize_with = "nullable")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default, deserialize_with = "nullable")]
    timestamp: String,
    #[serde(default, deserialize_with = "nullable")]
    component: Option<Component>,
    #[serde(default, deserialize_with = "nullable")]
    authors: Vec<Named>,
    #[serde(default, deserialize_with = "nullable")]
    manufacturer: Named,
    #[serde(default, deserialize_with = "nullable")]
    supplier: Named,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "nullable")]
    name: String,
}

#[derive(Deserialize)]
struct Component {
    #[serde(default, rename = "bom-ref", deserialize_with = "nullable")]
    reference: String,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    version: String,
    #[serde(default, deserialize_with = "nullable")]
    purl: String,
    #[serde(default, deserialize_with = "nullable")]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "nullable")]
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<Reference>,
    #[serde(default, deserialize_with = "nullable")]
    analysis: Option<Analysis>,
    #[serde(default, deserialize_with = "nullable")]
    updated: String,
    #[serde(default, deserialize_with = "nullable")]
    affects: Vec<Affect>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "nullable")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    #[serde(default, deserialize_with = "nullable")]
    state: String,
    #[serde(default, deserialize_with = "nullable")]
    justification: String,
    #[serde(default, deserialize_with = "nullable")]
    detail: String,
    #[serde(default, deserialize_with = "nullable")]
    last_updated: String,
    #[serde(default, deserialize_with = "nullable")]
    first_issued: String,
}

#[derive(Deserialize)]
struct Affect {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default, deserialize_with = "nullable")]
    version: String,
}

/// Reads one document: a statement for each vulnerability with an analysis.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let document: Document = serde_json::from_slice(bytes)?;
    if document.bom_format != "CycloneDX" {
        return Err(ParseError(format!("its bomFormat is `{}`, not CycloneDX", title(&document.bom_format))));
    }
    let metadata = document.metadata;
    let written = time::timestamp(&metadata.timestamp);
    sink.record(written.map(time::day));
    let mut purls = HashMap::new();
    collect(&document.components, 0, &mut purls)?;
    let subject =
        metadata.component.as_ref().map(|component| Subject { reference: &component.reference, name: subject_name(component) });
    let author = metadata.authors.iter().chain([&metadata.manufacturer, &metadata.supplier]).map(|one| &one.name);
    let author = author.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    for vulnerability in document.vulnerabilities {
        // Without an analysis it is a finding of some scanner, and says nothing of what to make of it.
        let Some(analysis) = vulnerability.analysis.filter(|analysis| !analysis.state.is_empty()) else { continue };
        let Some(status) = status(&analysis.state) else {
            sink.problem(format!("{name}: `{}` is not a state of a CycloneDX analysis", title(&analysis.state)));
            continue;
        };
        if vulnerability.id.is_empty() {
            sink.problem(format!("{name}: a vulnerability with an analysis has no id"));
            continue;
        }
        let products = vulnerability.affects.iter().flat_map(|affect| products(affect, subject.as_ref(), &purls)).collect();
        let dates = [&analysis.last_updated, &vulnerability.updated, &analysis.first_issued];
        sink.vex(VexStatement {
            id: document.serial_number.clone(),
            vulnerability: vulnerability.id,
            aliases: vulnerability.references.into_iter().map(|one| one.id).filter(|id| !id.is_empty()).collect(),
            products,
            status,
            justification: justification(&analysis.justification).to_owned(),
            statement: match (analysis.detail.as_str(), analysis.state.as_str()) {
                // The state is the reason.
                ("", "false_positive") => "false positive".to_owned(),
                (detail, _) => title(detail),
            },
            author: author.clone(),
            timestamp: dates.into_iter().find_map(|date| time::timestamp(date)).or(written),
        });
    }
    Ok(())
}

/// What the document as a whole is about.
struct Subject<'a> {
    reference: &'a str,
    name: String,
}

/// The subject's purl; else, for images, its name and tag or digest, as references are written.
fn subject_name(component: &Component) -> String {
    match (component.purl.as_str(), component.version.as_str()) {
        ("", "") => component.name.clone(),
        // Syft names `alpine:3.20` and gives the digest as the version.
        ("", version) if version.starts_with("sha256:") => version.to_owned(),
        ("", version) if !component.name.rsplit('/').next().unwrap_or_default().contains(':') => {
            format!("{}:{version}", component.name)
        }
        ("", _) => component.name.clone(),
        (purl, _) => purl.to_owned(),
    }
}

/// The purls of components by their `bom-ref`.
fn collect(components: &[Component], depth: usize, purls: &mut HashMap<String, String>) -> Result<(), ParseError> {
    if depth > DEPTH_LIMIT {
        return Err(ParseError("its components are nested too deep".into()));
    }
    for component in components {
        if !component.reference.is_empty() && !component.purl.is_empty() {
            purls.insert(component.reference.clone(), component.purl.clone());
        }
        collect(&component.components, depth + 1, purls)?;
    }
    Ok(())
}

/// The products that one `affects` names.
fn products(affect: &Affect, subject: Option<&Subject<'_>>, purls: &HashMap<String, String>) -> Vec<VexProduct> {
    let reference = affect.reference.as_str();
    if let Some(subject) = subject.filter(|subject| subject.reference == reference) {
        return vec![VexProduct { id: subject.name.clone(), subcomponents: Vec::new() }];
    }
    let purl = purls.get(reference).cloned().unwrap_or_else(|| linked(reference));
    // Of what is named without a version, the listed versions alone are meant; ranges are not followed.
    let exact = affect.versions.iter().map(|version| version.version.as_str()).filter(|version| !version.is_empty());
    let named: Vec<String> = match purl.split_once('?').unwrap_or((&purl, "")) {
        (path, _) if path.contains('@') || affect.versions.is_empty() => vec![purl],
        (path, "") => exact.map(|version| format!("{path}@{version}")).collect(),
        (path, qualifiers) => exact.map(|version| format!("{path}@{version}?{qualifiers}")).collect(),
    };
    named
        .into_iter()
        .map(|purl| match subject {
            Some(subject) if !subject.name.is_empty() => VexProduct { id: subject.name.clone(), subcomponents: vec![purl] },
            _ => VexProduct { id: purl, subcomponents: Vec::new() },
        })
        .collect()
}

/// The purl at the end of a BOM-Link, which may be percent-encoded as a whole; else the text itself.
fn linked(reference: &str) -> String {
    let target = reference.strip_prefix("urn:cdx:").and_then(|rest| rest.split_once('#')).map_or(reference, |(_, target)| target);
    if target.starts_with("pkg%3A") || target.starts_with("pkg%3a") {
        return super::csaf::decoded(target);
    }
    target.to_owned()
}

/// Impact analysis states (CycloneDX 1.6, `impactAnalysisState`).
fn status(state: &str) -> Option<VexStatus> {
    Some(match state {
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        "exploitable" => VexStatus::Affected,
        "in_triage" => VexStatus::UnderInvestigation,
        "false_positive" | "not_affected" => VexStatus::NotAffected,
        _ => return None,
    })
}

/// OpenVEX's word for a CycloneDX justification, where it has one; the others stay as they are.
fn justification(word: &str) -> &str {
    match word {
        "code_not_present" => "vulnerable_code_not_present",
        "code_not_reachable" => "vulnerable_code_not_in_execute_path",
        "protected_by_mitigating_control" => "inline_mitigations_already_exist",
        other => other,
    }
}
