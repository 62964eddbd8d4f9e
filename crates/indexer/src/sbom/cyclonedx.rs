//! CycloneDX JSON (<https://cyclonedx.org/docs/1.6/json/>).

use serde::Deserialize;

use super::SbomContent;
use super::component::{Component, Role, assemble};

/// A document, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    components: Vec<Entry>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    component: Option<Entry>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default, rename = "bom-ref")]
    reference: String,
    #[serde(default, rename = "type")]
    kind: String,
    group: Option<String>,
    #[serde(default)]
    name: String,
    version: Option<String>,
    description: Option<String>,
    publisher: Option<String>,
    supplier: Option<Supplier>,
    purl: Option<String>,
    #[serde(default)]
    licenses: Vec<License>,
    #[serde(default)]
    properties: Vec<Property>,
    /// Components may hold components.
    #[serde(default)]
    components: Vec<Entry>,
}

#[derive(Deserialize)]
struct Supplier {
    name: Option<String>,
}

#[derive(Deserialize)]
struct License {
    license: Option<NamedLicense>,
    expression: Option<String>,
}

#[derive(Deserialize)]
struct NamedLicense {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    from: String,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Reads a document.
pub(super) fn read(document: Document) -> SbomContent {
    let mut components = Vec::new();
    let mut own = pairs(document.metadata.properties);
    own.extend(pairs(document.properties));
    if let Some(subject) = document.metadata.component {
        // The subject is what the document is about, whatever it calls itself, unless it is a package of its own.
        let start = components.len();
        flatten(subject, &mut components);
        if let Some(subject) = components.get_mut(start).filter(|subject| subject.role != Role::System) {
            subject.role = Role::Subject;
        }
    }
    for entry in document.components {
        flatten(entry, &mut components);
    }
    let edges = document
        .dependencies
        .into_iter()
        .flat_map(|dependency| dependency.depends_on.into_iter().map(move |to| (dependency.from.clone(), to)))
        .collect();
    assemble("cyclonedx", &components, edges, &own)
}

fn pairs(properties: Vec<Property>) -> Vec<(String, String)> {
    properties.into_iter().map(|property| (property.name, property.value)).collect()
}

/// The depth of components within components is bounded by the JSON reader's own bound.
fn flatten(entry: Entry, components: &mut Vec<Component>) {
    let licenses = entry
        .licenses
        .into_iter()
        .filter_map(|license| license.expression.or_else(|| license.license.and_then(|named| named.id.or(named.name))));
    let role = match entry.kind.as_str() {
        "operating-system" => Role::System,
        "container" => Role::Subject,
        "file" | "data" | "device" | "firmware" | "cryptographic-asset" | "machine-learning-model" => Role::Other,
        // A group of packages in Trivy's documents: the file that they were found in.
        "application" if entry.purl.is_none() && entry.version.is_none() => Role::Group,
        _ => Role::Package,
    };
    components.push(Component {
        reference: entry.reference,
        role,
        name: match entry.group.filter(|group| !group.is_empty()) {
            Some(group) => format!("{group}/{}", entry.name),
            None => entry.name,
        },
        version: entry.version.unwrap_or_default(),
        description: entry.description.unwrap_or_default(),
        purl: entry.purl,
        licenses: licenses.collect(),
        vendor: entry.supplier.and_then(|supplier| supplier.name).or(entry.publisher),
        properties: pairs(entry.properties),
        places: Vec::new(),
    });
    for entry in entry.components {
        flatten(entry, components);
    }
}
