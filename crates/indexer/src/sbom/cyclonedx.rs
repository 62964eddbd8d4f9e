//! CycloneDX (<https://cyclonedx.org/docs/1.6/json/>). JSON and XML are read into the same data, which is told here what
//! it means.

pub(super) mod xml;

use serde::Deserialize;

use super::component::{Component, Role, assemble};
use super::{SbomContent, SbomError};

/// What `bomFormat` says.
const FORMAT: &str = "CycloneDX";

/// A document, as far as it is read.
#[derive(Default, Deserialize)]
pub(super) struct Document {
    #[serde(default, rename = "bomFormat")]
    format: String,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    components: Vec<Entry>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    #[serde(default)]
    properties: Vec<Property>,
    /// Why the rest of the document was not read, where it was not.
    #[serde(skip)]
    unread: Option<String>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    component: Option<Entry>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Default, Deserialize)]
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

#[derive(Default, Deserialize)]
struct Supplier {
    name: Option<String>,
}

#[derive(Default, Deserialize)]
struct License {
    license: Option<NamedLicense>,
    expression: Option<String>,
}

#[derive(Default, Deserialize)]
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

/// Reads a document. Another one is refused: none of its fields would be found, and it would pass for empty.
pub(super) fn read(document: Document) -> Result<SbomContent, SbomError> {
    if document.format != FORMAT {
        return Err(SbomError::UnknownFormat);
    }
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
    let mut content = assemble("cyclonedx", &components, edges, &own);
    if let Some(reason) = document.unread {
        content.leave_out(reason);
    }
    Ok(content)
}

fn pairs(properties: Vec<Property>) -> Vec<(String, String)> {
    properties.into_iter().map(|property| (property.name, property.value)).collect()
}

/// The depth of components within components is bounded by the readers of JSON and XML.
fn flatten(entry: Entry, components: &mut Vec<Component>) {
    let licenses = entry
        .licenses
        .into_iter()
        .filter_map(|license| license.expression.or_else(|| license.license.and_then(|named| named.id.or(named.name))));
    let role = match entry.kind.as_str() {
        "operating-system" => Role::System,
        "container" => Role::Subject,
        "file" | "data" | "device" | "firmware" | "cryptographic-asset" | "machine-learning-model" => Role::Other,
        // A group of packages in Trivy's documents: the file that they were found in. The version was once a must, and was
        // written empty then.
        "application" if entry.purl.is_none() && entry.version.as_deref().is_none_or(str::is_empty) => Role::Group,
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
