//! SPDX 2.3 JSON (<https://spdx.github.io/spdx-spec/v2.3/>): the inventory.

#![expect(clippy::struct_field_names, reason = "the names are those of the format")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::package::Package;
use model::report::Report;
use model::sbom::{INVENTORY, PACKAGE};
use serde::Serialize;

use crate::ReportError;
use crate::sbom::{self, License, Names};
use crate::text::one_line;

const NOT_SAID: &str = "NOASSERTION";
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(rename = "SPDXID")]
    id: &'static str,
    spdx_version: &'static str,
    data_license: &'static str,
    name: String,
    document_namespace: String,
    creation_info: CreationInfo,
    document_describes: Vec<String>,
    packages: Vec<Entry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_extracted_licensing_infos: Vec<ExtractedLicense>,
    relationships: Vec<Relationship>,
    annotations: Vec<Annotation>,
}

#[derive(Serialize)]
struct CreationInfo {
    created: Option<Timestamp>,
    creators: Vec<String>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "SPDXID")]
    id: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version_info: String,
    supplier: String,
    download_location: &'static str,
    files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum>,
    #[serde(skip_serializing_if = "String::is_empty")]
    source_info: String,
    license_concluded: &'static str,
    license_declared: String,
    copyright_text: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_refs: Vec<ExternalRef>,
    primary_package_purpose: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: &'static str,
    checksum_value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef {
    reference_category: &'static str,
    reference_type: &'static str,
    reference_locator: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtractedLicense {
    license_id: String,
    extracted_text: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    spdx_element_id: String,
    related_spdx_element: String,
    relationship_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation {
    annotation_type: &'static str,
    annotator: String,
    annotation_date: Option<Timestamp>,
    comment: String,
}

/// Renders a report.
pub(crate) fn render(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut document = document(report)?;
    // The namespace follows from everything but the time, so that the same content has the same. Makers without a domain
    // of their own take this one, the specification says (clause 6.5).
    let uuid = sbom::uuid(sbom::fingerprint(&document)?);
    document.document_namespace = format!("https://spdx.org/spdxdocs/plimsoll-{uuid}");
    // SPDX takes whole seconds only.
    let created = Timestamp::from_second(report.created.as_second()).unwrap_or(report.created);
    document.creation_info.created = Some(created);
    let of_packages = document.packages.iter_mut().flat_map(|package| &mut package.annotations);
    for annotation in of_packages.chain(&mut document.annotations) {
        annotation.annotation_date = Some(created);
    }
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn document(report: &Report) -> Result<Document, ReportError> {
    let tool = format!("Tool: plimsoll-{}", report.tool_version);
    let annotation = |name: &str, value: &str| Annotation {
        annotation_type: "OTHER",
        annotator: tool.clone(),
        annotation_date: None,
        comment: format!("{name}={value}"),
    };
    let mut extracted = BTreeMap::new();
    let mut packages = Vec::with_capacity(report.packages.len() + 2);
    let mut relationships = Vec::with_capacity(report.packages.len() + 2);
    let mut relate = |from: &str, kind, to: &str| {
        relationships.push(Relationship {
            spdx_element_id: from.to_owned(),
            related_spdx_element: to.to_owned(),
            relationship_type: kind,
        });
    };
    let image = subject(report);
    let (image_id, name) = (image.id.clone(), image.name.clone());
    relate(DOCUMENT, "DESCRIBES", &image_id);
    packages.push(image);
    let system = system(report);
    let system_id = system.as_ref().map(|system| system.id.clone());
    if let Some(id) = &system_id {
        relate(&image_id, "CONTAINS", id);
    }
    packages.extend(system);
    let mut names = Names::default();
    for (purl, package) in &report.packages {
        let mut entry = entry(purl, package, &mut names, &mut extracted);
        entry.annotations.push(annotation(PACKAGE, &sbom::package(package)?));
        let within = system_id.as_deref().filter(|_| package.kind.is_os()).unwrap_or(&image_id);
        relate(within, "CONTAINS", &entry.id);
        packages.push(entry);
    }
    Ok(Document {
        id: DOCUMENT,
        spdx_version: "SPDX-2.3",
        data_license: "CC0-1.0",
        name,
        document_namespace: String::new(),
        creation_info: CreationInfo { created: None, creators: vec![tool.clone()] },
        document_describes: vec![image_id],
        packages,
        has_extracted_licensing_infos: extracted
            .into_iter()
            .map(|(license_id, text)| ExtractedLicense { license_id, extracted_text: text.clone(), name: text })
            .collect(),
        relationships,
        annotations: vec![annotation(INVENTORY, &sbom::inventory(report)?)],
    })
}

/// What the document is about.
fn subject(report: &Report) -> Entry {
    let image = &report.image;
    let identity = image.digest.or(image.config_digest);
    let checksum = identity.map(|digest| Checksum {
        algorithm: if digest.algorithm() == "sha512" { "SHA512" } else { "SHA256" },
        checksum_value: digest.hex(),
    });
    let name = one_line(&image.reference);
    Entry {
        id: "SPDXRef-Image".to_owned(),
        name: if name.is_empty() { "image".to_owned() } else { name },
        version_info: identity.map(|digest| digest.to_string()).unwrap_or_default(),
        checksums: checksum.into_iter().collect(),
        external_refs: sbom::image_purl(image).map(external_ref).into_iter().collect(),
        primary_package_purpose: if image.source == "source" { "SOURCE" } else { "CONTAINER" },
        ..plain()
    }
}

fn system(report: &Report) -> Option<Entry> {
    let distro = report.distro.as_ref()?;
    Some(Entry {
        id: "SPDXRef-OperatingSystem".to_owned(),
        name: one_line(&distro.id),
        version_info: one_line(&distro.version_id),
        description: one_line(&distro.pretty_name),
        primary_package_purpose: "OPERATING-SYSTEM",
        ..plain()
    })
}

/// What is the same for every package: nothing is said that nobody looked at.
fn plain() -> Entry {
    Entry {
        supplier: NOT_SAID.to_owned(),
        download_location: NOT_SAID,
        license_concluded: NOT_SAID,
        license_declared: NOT_SAID.to_owned(),
        copyright_text: NOT_SAID,
        ..Entry::default()
    }
}

fn external_ref(purl: String) -> ExternalRef {
    ExternalRef { reference_category: "PACKAGE-MANAGER", reference_type: "purl", reference_locator: purl }
}

fn entry(purl: &str, package: &Package, names: &mut Names, extracted: &mut BTreeMap<String, String>) -> Entry {
    let paths: Vec<_> = package.locations.iter().map(|location| location.path.as_str()).collect();
    // An id holds letters, digits, `.` and `-` alone.
    let id = names.unique(format!("SPDXRef-Package-{}-{}", package.kind, sbom::short_hash(purl, 8))).replace('#', "-");
    let name = one_line(&package.name);
    Entry {
        id,
        name: if name.is_empty() { "unknown".to_owned() } else { name },
        version_info: one_line(&package.version),
        supplier: package.vendor.as_deref().and_then(supplier).unwrap_or_else(|| NOT_SAID.to_owned()),
        source_info: if paths.is_empty() { String::new() } else { format!("found in {}", paths.join(", ")) },
        license_declared: declared(package, extracted),
        external_refs: Some(purl.to_owned())
            .filter(|purl| {
                purl.starts_with("pkg:") && !purl.contains(|character: char| character.is_whitespace() || character.is_control())
            })
            .map(external_ref)
            .into_iter()
            .collect(),
        primary_package_purpose: if sbom::is_application(package) { "APPLICATION" } else { "LIBRARY" },
        ..plain()
    }
}

/// `Organization: name (mail)`, from `name <mail>`. Parentheses are the format's own here.
fn supplier(vendor: &str) -> Option<String> {
    let vendor = one_line(vendor);
    let (name, mail) = match vendor.split_once('<') {
        Some((name, rest)) => (name, rest.split('>').next().unwrap_or_default()),
        None => (vendor.as_str(), ""),
    };
    let plain = |text: &str| text.replace(['(', ')'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, mail) = (plain(name), plain(mail));
    match (name.as_str(), mail.as_str()) {
        ("", _) => None,
        (name, mail) if mail.contains('@') && !mail.contains(' ') => Some(format!("Organization: {name} ({mail})")),
        (name, _) => Some(format!("Organization: {name}")),
    }
}

/// The declared licences as one expression; what is no SPDX licence becomes a reference to its own words.
fn declared(package: &Package, extracted: &mut BTreeMap<String, String>) -> String {
    let found = sbom::licenses(package);
    for license in &found {
        if let License::Expression(text) = license {
            // The words of the reference are all that is known of it.
            let references = model::license::references(text).into_iter();
            extracted.extend(references.map(|id| (id.clone(), id.trim_start_matches("LicenseRef-").to_owned())));
        }
    }
    let parts: Vec<String> = found
        .iter()
        .map(|license| match license {
            License::Id(text) => (*text).to_owned(),
            License::Expression(text) if found.len() > 1 => format!("({text})"),
            License::Expression(text) => (*text).to_owned(),
            License::Name(text) => {
                let id = license_reference(text);
                extracted.insert(id.clone(), (*text).to_owned());
                id
            }
        })
        .collect();
    if parts.is_empty() { NOT_SAID.to_owned() } else { parts.join(" AND ") }
}

/// `LicenseRef-` and the text, as far as an id may hold it; a hash keeps texts apart that become the same.
fn license_reference(text: &str) -> String {
    const MOST: usize = 40;
    let bare = text.strip_prefix("LicenseRef-").unwrap_or(text);
    let kept: String = bare
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' })
        .collect();
    if kept == bare && kept.len() <= MOST {
        return format!("LicenseRef-{kept}");
    }
    let words: Vec<&str> = kept.get(..MOST).unwrap_or(&kept).split('-').filter(|word| !word.is_empty()).collect();
    format!("LicenseRef-{}-{}", words.join("-"), sbom::short_hash(text, 4)).replace("--", "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_become_suppliers() {
        assert_eq!(
            supplier("Debian OpenSSL Team <ssl@debian.org>").as_deref(),
            Some("Organization: Debian OpenSSL Team (ssl@debian.org)")
        );
        assert_eq!(supplier("Red Hat, Inc. (tm)").as_deref(), Some("Organization: Red Hat, Inc. tm"));
        assert_eq!(supplier(" <x@y>"), None);
        assert_eq!(supplier("a\u{1b}b").as_deref(), Some("Organization: a\\u{1b}b"));
    }

    #[test]
    fn licence_references_are_ids_and_differ() {
        assert_eq!(license_reference("GPL-2"), "LicenseRef-GPL-2");
        assert_eq!(license_reference("LicenseRef-own"), "LicenseRef-own");
        let (one, two) = (license_reference("The <b>best</b>"), license_reference("The (b)best(/b)"));
        assert_ne!(one, two);
        for id in [one, two, license_reference("日本"), license_reference(&"x".repeat(300))] {
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)), "{id}");
        }
    }
}
