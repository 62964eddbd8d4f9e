//! SPDX 2 (<https://spdx.github.io/spdx-spec/v2.3/>). JSON and tag-value are read into the same data, which is told here
//! what it means.

pub(super) mod tag_value;

use std::collections::HashMap;

use serde::Deserialize;

use super::component::{Component, Place, Role, assemble};
use super::{SbomContent, SbomError};

/// A document, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    spdx_version: Option<String>,
    #[serde(default)]
    packages: Vec<Entry>,
    #[serde(default)]
    files: Vec<FileEntry>,
    #[serde(default)]
    relationships: Vec<Relationship>,
    #[serde(default)]
    annotations: Vec<Annotation>,
    /// What could not be read, as sentences.
    #[serde(skip)]
    problems: Vec<String>,
    /// Why the rest of the document was not read, where it was not.
    #[serde(skip)]
    unread: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default, rename = "SPDXID")]
    id: String,
    #[serde(default)]
    name: String,
    version_info: Option<String>,
    supplier: Option<String>,
    originator: Option<String>,
    source_info: Option<String>,
    license_declared: Option<String>,
    license_concluded: Option<String>,
    primary_package_purpose: Option<String>,
    #[serde(default)]
    external_refs: Vec<ExternalRef>,
    #[serde(default)]
    annotations: Vec<Annotation>,
    /// Where Trivy kept its properties before it wrote annotations.
    #[serde(default)]
    attribution_texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef {
    #[serde(default)]
    reference_type: String,
    #[serde(default)]
    reference_locator: String,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    comment: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileEntry {
    #[serde(default, rename = "SPDXID")]
    id: String,
    #[serde(default)]
    file_name: String,
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    #[serde(default)]
    spdx_element_id: String,
    #[serde(default)]
    related_spdx_element: String,
    #[serde(default, rename = "relationshipType")]
    kind: String,
    comment: Option<String>,
}

/// Reads a document. One of another version is refused: none of its fields would be found, and it would pass for empty.
pub(super) fn read(document: Document) -> Result<SbomContent, SbomError> {
    if !document.spdx_version.is_some_and(|version| version.starts_with("SPDX-2")) {
        return Err(SbomError::UnknownFormat);
    }
    let files: HashMap<String, Place> = document
        .files
        .into_iter()
        .map(|file| {
            let layer = file.comment.as_deref().and_then(|comment| comment.strip_prefix("layerID: ")).unwrap_or_default();
            (file.id, Place { path: file.file_name, layer: layer.to_owned() })
        })
        .collect();
    // Files that say that a package is there (Syft), and files that belong to it (Trivy: the one it was found in; Syft:
    // thousands for a distribution's package, which are no evidence and stand beside the former).
    let (mut evident, mut contained): (HashMap<String, Vec<Place>>, HashMap<String, Place>) = Default::default();
    let mut edges = Vec::new();
    for relationship in document.relationships {
        let contains = relationship.kind == "CONTAINS";
        match files.get(&relationship.related_spdx_element) {
            Some(place) if contains => {
                contained.entry(relationship.spdx_element_id).or_insert_with(|| place.clone());
            }
            Some(place) if relationship.comment.as_deref().is_some_and(|comment| comment.starts_with("evident-by")) => {
                evident.entry(relationship.spdx_element_id).or_default().push(place.clone());
            }
            None if contains || relationship.kind == "DEPENDS_ON" => {
                edges.push((relationship.spdx_element_id, relationship.related_spdx_element));
            }
            _ => {}
        }
    }
    let mut places = |id: &str| evident.remove(id).or_else(|| contained.remove(id).map(|place| vec![place])).unwrap_or_default();
    let components: Vec<_> = document
        .packages
        .into_iter()
        .map(|entry| {
            let places = places(&entry.id);
            component(entry, places)
        })
        .collect();
    let own: Vec<_> = document.annotations.iter().filter_map(|annotation| property(&annotation.comment)).collect();
    let mut content = assemble("spdx", &components, edges, &own);
    content.problems.extend(document.problems);
    if let Some(reason) = document.unread {
        content.leave_out(reason);
    }
    Ok(content)
}

fn component(entry: Entry, places: Vec<Place>) -> Component {
    let purl = entry.external_refs.into_iter().find(|reference| reference.reference_type == "purl");
    let purl = purl.map(|reference| reference.reference_locator);
    let role = match entry.primary_package_purpose.as_deref() {
        Some("OPERATING-SYSTEM" | "OPERATING_SYSTEM") => Role::System,
        Some("CONTAINER") => Role::Subject,
        Some("FILE" | "DEVICE" | "FIRMWARE") => Role::Other,
        Some("APPLICATION") if purl.is_none() && entry.version_info.is_none() => Role::Group,
        _ => Role::Package,
    };
    let comments = entry.annotations.iter().map(|annotation| &annotation.comment).chain(&entry.attribution_texts);
    let mut properties: Vec<_> = comments.filter_map(|comment| property(comment)).collect();
    if let Some((name, version)) =
        entry.source_info.as_deref().and_then(|info| info.strip_prefix("built package from: ")?.rsplit_once(' '))
    {
        properties.push(("aquasecurity:trivy:SrcName".to_owned(), name.to_owned()));
        properties.push(("aquasecurity:trivy:SrcVersion".to_owned(), version.to_owned()));
    }
    let said = |text: &String| !matches!(text.as_str(), "" | "NOASSERTION" | "NONE");
    let vendor = entry.supplier.filter(said).or(entry.originator.filter(said));
    let license = entry.license_declared.filter(said).or(entry.license_concluded.filter(said));
    Component {
        places,
        reference: entry.id,
        role,
        name: entry.name,
        version: entry.version_info.filter(said).unwrap_or_default(),
        description: String::new(),
        purl,
        licenses: license.into_iter().collect(),
        vendor: vendor.map(|text| match text.split_once(": ") {
            Some(("Organization" | "Person", name)) => name.to_owned(),
            _ => text,
        }),
        properties,
    }
}

/// Our own annotations are `NAME=VALUE`, Trivy's are `NAME: VALUE` without the prefix that its CycloneDX properties have.
fn property(comment: &str) -> Option<(String, String)> {
    if comment.starts_with("plimsoll:") {
        return comment.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    }
    comment.split_once(": ").map(|(name, value)| (format!("aquasecurity:trivy:{name}"), value.to_owned()))
}
