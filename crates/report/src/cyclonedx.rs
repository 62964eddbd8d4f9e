//! CycloneDX 1.6 JSON (<https://cyclonedx.org/docs/1.6/json/>): the inventory, and where it was judged, what was found.

mod analysis;
mod vulnerability;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use model::package::{Package, PackageType};
use model::report::Report;
use model::sbom::{INVENTORY, PACKAGE};
use serde::Serialize;

use crate::ReportError;
use crate::sbom::{self, License, Names};
use vulnerability::Vulnerability;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    serial_number: Option<String>,
    version: u32,
    metadata: Metadata<'a>,
    components: Vec<Component<'a>>,
    dependencies: Vec<Dependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerabilities: Option<Vec<Vulnerability<'a>>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    timestamp: Option<Timestamp>,
    tools: Tools<'a>,
    component: Component<'a>,
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Tools<'a> {
    components: [Tool<'a>; 1],
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    version: &'a str,
}

#[derive(Default, Serialize)]
struct Component<'a> {
    #[serde(rename = "bom-ref")]
    reference: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<LicenseChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Occurrences<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Organization<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Hash {
    alg: &'static str,
    content: String,
}

/// Either licences or one expression, never both.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum LicenseChoice {
    License(NamedLicense),
    #[serde(untagged)]
    Expression {
        expression: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum NamedLicense {
    Id(String),
    Name(String),
}

#[derive(Serialize)]
struct Occurrences<'a> {
    occurrences: Vec<Occurrence<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence<'a> {
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_context: Option<String>,
}

#[derive(Serialize)]
struct Property {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    depends_on: BTreeSet<String>,
}

/// Renders a report.
pub(crate) fn render(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut document = document(report)?;
    // The serial number follows from everything but the time, so that the same content has the same.
    document.serial_number = Some(format!("urn:uuid:{}", sbom::uuid(sbom::fingerprint(&document)?)));
    document.metadata.timestamp = Some(report.created);
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn document(report: &Report) -> Result<Document<'_>, ReportError> {
    let mut names = Names::default();
    let subject = subject(report, &mut names);
    let mut components = Vec::with_capacity(report.packages.len() + 1);
    let system = report.distro.as_ref().map(|distro| {
        let reference = names.unique(format!("os:{}", distro.purl_qualifier()));
        components.push(Component {
            reference: reference.clone(),
            kind: "operating-system",
            name: &distro.id,
            version: Some(distro.version_id.clone()).filter(|version| !version.is_empty()),
            description: Some(distro.pretty_name.as_str()).filter(|name| !name.is_empty()),
            ..Component::default()
        });
        reference
    });
    let (mut of_image, mut of_system) = (BTreeSet::new(), BTreeSet::new());
    of_image.extend(system.clone());
    let mut references: HashMap<&str, String> = HashMap::with_capacity(report.packages.len());
    for (purl, package) in &report.packages {
        let component = component(purl, package, &mut names)?;
        let below = if package.kind.is_os() && system.is_some() { &mut of_system } else { &mut of_image };
        below.insert(component.reference.clone());
        references.entry(purl).or_insert_with(|| component.reference.clone());
        components.push(component);
    }
    let vulnerabilities = report.findings.as_ref().map(|findings| {
        // What is no package (a release past its end) is said of the system.
        let elsewhere = system.as_ref().unwrap_or(&subject.reference);
        vulnerability::of(findings, |purl| references.get(purl).unwrap_or(elsewhere).clone())
    });
    let mut dependencies = vec![Dependency { reference: subject.reference.clone(), depends_on: of_image }];
    dependencies.extend(system.map(|reference| Dependency { reference, depends_on: of_system }));
    Ok(Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: None,
        version: 1,
        metadata: Metadata {
            timestamp: None,
            tools: Tools { components: [Tool { kind: "application", name: "plimsoll", version: &report.tool_version }] },
            component: subject,
            properties: vec![Property { name: INVENTORY, value: sbom::inventory(report)? }],
        },
        components,
        dependencies,
        vulnerabilities,
    })
}

/// What the document is about.
fn subject<'a>(report: &'a Report, names: &mut Names) -> Component<'a> {
    let image = &report.image;
    let identity = image.digest.or(image.config_digest);
    let purl = sbom::image_purl(image);
    let reference = match (&purl, identity) {
        (Some(purl), _) => purl.clone(),
        (None, Some(digest)) => digest.to_string(),
        (None, None) => format!("target:{}", image.reference),
    };
    Component {
        reference: names.unique(reference),
        kind: if image.source == "source" { "application" } else { "container" },
        name: if image.reference.is_empty() { "image" } else { &image.reference },
        version: identity.map(|digest| digest.to_string()),
        hashes: identity
            .map(|digest| Hash { alg: if digest.algorithm() == "sha512" { "SHA-512" } else { "SHA-256" }, content: digest.hex() })
            .into_iter()
            .collect(),
        purl,
        ..Component::default()
    }
}

fn component<'a>(purl: &str, package: &'a Package, names: &mut Names) -> Result<Component<'a>, ReportError> {
    let (group, name) = match package.kind {
        PackageType::Maven => {
            package.name.split_once(':').map_or((None, package.name.as_str()), |(group, name)| (Some(group), name))
        }
        PackageType::Npm | PackageType::Composer => {
            package.name.split_once('/').map_or((None, package.name.as_str()), |(group, name)| (Some(group), name))
        }
        _ => (None, package.name.as_str()),
    };
    let occurrences: Vec<_> = package
        .locations
        .iter()
        .map(|location| Occurrence {
            location: &location.path,
            additional_context: location.layer.map(|layer| format!("layer {layer}")),
        })
        .collect();
    Ok(Component {
        reference: names.unique(purl.to_owned()),
        kind: if sbom::is_application(package) { "application" } else { "library" },
        supplier: package.vendor.as_deref().filter(|vendor| !vendor.is_empty()).map(|name| Organization { name }),
        group,
        name,
        version: Some(package.version.clone()).filter(|version| !version.is_empty()),
        licenses: licenses(package),
        purl: Some(purl.to_owned()).filter(|purl| purl.starts_with("pkg:")),
        evidence: (!occurrences.is_empty()).then_some(Occurrences { occurrences }),
        properties: vec![Property { name: PACKAGE, value: sbom::package(package)? }],
        ..Component::default()
    })
}

/// One expression where everything is one, else a list of identifiers and names.
fn licenses(package: &Package) -> Vec<LicenseChoice> {
    let found = sbom::licenses(package);
    let any_compound = found.iter().any(|license| matches!(license, License::Expression(_)));
    let any_name = found.iter().any(|license| matches!(license, License::Name(_)));
    if any_compound && !any_name {
        let parts: Vec<String> = found
            .iter()
            .map(|license| match license {
                License::Expression(text) if found.len() > 1 => format!("({text})"),
                License::Id(text) | License::Expression(text) | License::Name(text) => (*text).to_owned(),
            })
            .collect();
        return vec![LicenseChoice::Expression { expression: parts.join(" AND ") }];
    }
    found
        .into_iter()
        .map(|license| {
            LicenseChoice::License(match license {
                License::Id(text) => NamedLicense::Id(text.to_owned()),
                License::Expression(text) | License::Name(text) => NamedLicense::Name(text.to_owned()),
            })
        })
        .collect()
}
