//! What all formats come down to: components with properties, from which packages, distribution and image are made.

use std::collections::HashMap;

use model::digest::Digest;
use model::distro::Distro;
use model::image::{ImageInfo, LayerInfo};
use model::package::{Location, Package, PackageType, SourcePackage};
use model::sbom::{INVENTORY, PACKAGE, SbomInventory};

use super::SbomContent;

/// More packages than any image has.
pub(super) const MAX_PACKAGES: usize = 1 << 20;
const ID: &str = "sbom";

/// One component of a document.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// By which the document itself refers to it.
    pub(super) reference: String,
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) description: String,
    pub(super) purl: Option<String>,
    pub(super) licenses: Vec<String>,
    pub(super) vendor: Option<String>,
    pub(super) properties: Vec<(String, String)>,
    pub(super) places: Vec<Place>,
}

/// A file of the image, as the document names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    /// Diff id; empty where it is not said.
    pub(super) layer: String,
}

/// What a component stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A package.
    Package,
    /// The operating system.
    System,
    /// What the document is about.
    Subject,
    /// The file that packages were found in; packages hang below it.
    Group,
    /// Nothing that is read.
    Other,
}

impl Component {
    fn property(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn trivy(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(key, _)| key.strip_prefix("aquasecurity:trivy:") == Some(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn syft(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(key, _)| key.strip_prefix("syft:") == Some(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Makes the answer: `edges` lead from a component to those below it, `own` are the document's own properties.
pub(super) fn assemble(
    format: &'static str,
    components: &[Component],
    edges: Vec<(String, String)>,
    own: &[(String, String)],
) -> SbomContent {
    let mut content = SbomContent { format, ..SbomContent::default() };
    let groups = groups(components, edges);
    let (mut damaged, mut nameless) = (0_usize, 0_usize);
    let mut is_full = false;
    for component in components {
        if content.packages.len() >= MAX_PACKAGES {
            is_full = true;
            break;
        }
        if let Some(json) = component.property(PACKAGE) {
            match serde_json::from_str(json) {
                Ok(package) => {
                    content.packages.push(package);
                    continue;
                }
                Err(_) => damaged += 1,
            }
        }
        match component.role {
            Role::System if content.distro.is_none() => content.distro = distro(component),
            Role::Subject if content.image.is_none() => content.image = Some(image(component)),
            Role::Package if component.name.is_empty() && component.purl.is_none() => nameless += 1,
            Role::Package => {
                let package = package(component, groups.get(component.reference.as_str()).copied());
                content.packages.extend(package);
            }
            _ => {}
        }
    }
    if damaged > 0 {
        content.problems.push(format!("{damaged} entries of the SBOM hold a damaged `{PACKAGE}`; they were read without it"));
    }
    if nameless > 0 {
        content
            .problems
            .push(format!("{nameless} entries of the SBOM have neither a name nor a package URL; they were passed over"));
    }
    if content.distro.is_none() {
        let named = content.packages.iter().filter(|package| package.kind.is_os()).find_map(|package| package.distro.as_deref());
        content.distro = named.and_then(distro_of_qualifier);
    }
    if let Some((_, json)) = own.iter().find(|(name, _)| name == INVENTORY) {
        match serde_json::from_str::<SbomInventory>(json) {
            Ok(inventory) => {
                content.distro = inventory.distro;
                content.image = inventory.image;
                content.problems.extend(inventory.problems);
                content.unread = inventory.unread;
            }
            Err(_) => content.problems.push(format!("the SBOM holds a damaged `{INVENTORY}`; it was read without it")),
        }
    }
    if is_full {
        content.leave_out(format!("the SBOM lists more than {MAX_PACKAGES} packages; the rest was not read"));
    }
    content
}

/// For everything that hangs below a group, the group's name: the file it was found in.
fn groups(components: &[Component], edges: Vec<(String, String)>) -> HashMap<String, &str> {
    let mut below: HashMap<String, Vec<String>> = HashMap::new();
    for (from, to) in edges {
        below.entry(from).or_default().push(to);
    }
    let mut found: HashMap<String, &str> = HashMap::new();
    for group in components.iter().filter(|component| component.role == Role::Group) {
        let mut open: Vec<&String> = below.get(&group.reference).into_iter().flatten().collect();
        while let Some(reference) = open.pop() {
            if !found.contains_key(reference) {
                found.insert(reference.clone(), &group.name);
                open.extend(below.get(reference).into_iter().flatten());
            }
        }
    }
    found
}

/// A package of a foreign document; `None` for what is no package (the image itself).
fn package(component: &Component, group: Option<&str>) -> Option<Package> {
    let purl = component.purl.as_deref();
    let kind = purl.and_then(|purl| purl.strip_prefix("pkg:")?.split('/').next());
    if matches!(kind, Some("oci" | "docker")) {
        return None;
    }
    let mut package = match purl.and_then(model::purl::parse) {
        Some(package) => package,
        None => {
            let mut package = Package::new(PackageType::Generic, &component.name, &component.version, ID);
            package.unjudged = Some(match kind {
                Some(kind) => format!("package URLs of type `{kind}` are not known"),
                None => "an SBOM entry without a package URL".to_owned(),
            });
            package
        }
    };
    ID.clone_into(&mut package.extractor);
    package.given_purl = purl.map(str::to_owned);
    // Trivy keeps the epoch of Debian's versions in a qualifier, where package URLs have it for RPM alone.
    if package.version.is_empty() || component.version.strip_suffix(&package.version).is_some_and(|rest| rest.ends_with(':')) {
        package.version.clone_from(&component.version);
    }
    if package.kind == PackageType::Golang {
        // Syft makes the major version a subpath (`…/blackfriday@v2.1.0#v2`), though it is part of the module's path.
        if component.name.strip_prefix(&package.name).is_some_and(|rest| rest.starts_with("/v")) {
            package.name.clone_from(&component.name);
        }
        if package.name == "stdlib" {
            package.version = package.version.trim_start_matches("go").trim_start_matches('v').to_owned();
        }
        if matches!(package.version.as_str(), "" | "(devel)") {
            package.unjudged = Some("a Go module whose version the SBOM does not tell".to_owned());
        }
    }
    if package.kind.is_os() {
        // Trivy writes Alpine's version alone where others write `alpine-3.19.1`.
        let qualifier = package.distro.as_deref().map(|qualifier| match package.kind {
            PackageType::Apk if qualifier.starts_with(|first: char| first.is_ascii_digit()) => format!("alpine-{qualifier}"),
            _ => qualifier.to_owned(),
        });
        package.distro = qualifier.as_deref().and_then(distro_of_qualifier).map(|distro| distro.purl_qualifier());
        if let Some(source) = source(component, &package) {
            package.source = Some(source);
        }
    }
    let module = component.trivy("Modularitylabel").or(component.syft("metadata:modularityLabel"));
    package.module = package.module.or(module.map(str::to_owned));
    package.licenses.clone_from(&component.licenses);
    package.vendor.clone_from(&component.vendor);
    package.locations = places(component, group);
    Some(package)
}

/// The source package, from the properties of the tools.
fn source(component: &Component, package: &Package) -> Option<SourcePackage> {
    if let Some(name) = component.trivy("SrcName") {
        let mut version = component.trivy("SrcVersion").unwrap_or(&package.version).to_owned();
        if let Some(epoch) = component.trivy("SrcEpoch") {
            version = format!("{epoch}:{version}");
        }
        if let Some(release) = component.trivy("SrcRelease") {
            version = format!("{version}-{release}");
        }
        return Some(SourcePackage { name: name.to_owned(), version });
    }
    let name = component.syft("metadata:source").or(component.syft("metadata:originPackage"))?;
    let version = component.syft("metadata:sourceVersion").unwrap_or(&package.version);
    Some(SourcePackage { name: name.to_owned(), version: version.to_owned() })
}

/// Where the package was seen.
fn places(component: &Component, group: Option<&str>) -> Vec<Location> {
    let mut places = component.places.clone();
    let layer = component.trivy("LayerDiffID").unwrap_or_default();
    // A layer known for the package as a whole holds for its places.
    for place in places.iter_mut().filter(|place| place.layer.is_empty()) {
        layer.clone_into(&mut place.layer);
    }
    let path = component.trivy("FilePath").or(group.filter(|_| places.is_empty()));
    if path.is_some() || (places.is_empty() && !layer.is_empty()) {
        places.push(Place { path: path.unwrap_or_default().to_owned(), layer: layer.to_owned() });
    }
    let mut of_syft: HashMap<&str, Place> = HashMap::new();
    for (name, value) in &component.properties {
        let Some((number, field)) = name.strip_prefix("syft:location:").and_then(|rest| rest.split_once(':')) else { continue };
        let place = of_syft.entry(number).or_insert(Place { path: String::new(), layer: String::new() });
        match field {
            "path" => place.path.clone_from(value),
            "layerID" => place.layer.clone_from(value),
            _ => {}
        }
    }
    places.extend(of_syft.into_values());
    let location = |place: Place| Location {
        path: if place.path.is_empty() { place.path } else { format!("/{}", place.path.trim_start_matches('/')) },
        layer: place.layer.parse().ok(),
    };
    let mut locations: Vec<_> = places.into_iter().map(location).collect();
    locations.sort();
    locations.dedup();
    locations
}

/// The distribution of an operating-system component.
fn distro(component: &Component) -> Option<Distro> {
    if let Some(id) = component.syft("distro:id") {
        let of = |name: &str| component.syft(name).unwrap_or_default().to_owned();
        let like = (0..8).filter_map(|index| component.syft(&format!("distro:idLike:{index}")).map(str::to_owned));
        return Some(Distro {
            id: id.to_owned(),
            id_like: like.collect(),
            version_id: of("distro:versionID"),
            codename: component.syft("distro:versionCodename").map(str::to_owned),
            pretty_name: match component.syft("distro:prettyName") {
                Some(name) => name.to_owned(),
                None => component.description.clone(),
            },
        });
    }
    // Trivy calls an unknown system so.
    (!matches!(component.name.as_str(), "" | "none")).then(|| plain_distro(&component.name, &component.version))
}

/// `debian-12`, as purl qualifiers write it.
fn distro_of_qualifier(qualifier: &str) -> Option<Distro> {
    let versioned = qualifier.rsplit_once('-').filter(|(_, version)| version.starts_with(|first: char| first.is_ascii_digit()));
    match versioned {
        Some((id, version)) => Some(plain_distro(id, version)),
        None if qualifier.is_empty() => None,
        // `debian-sid`: a code name where there is no number.
        None => match qualifier.split_once('-').filter(|(id, _)| matches!(*id, "debian" | "ubuntu")) {
            Some((id, codename)) => Some(Distro { codename: Some(codename.to_owned()), ..plain_distro(id, "") }),
            None => Some(plain_distro(qualifier, "")),
        },
    }
}

/// A distribution of this name, under the `ID` that its own `os-release` has.
fn plain_distro(name: &str, version: &str) -> Distro {
    let lower = name.to_ascii_lowercase();
    let id = match lower.as_str() {
        "alma" => "almalinux",
        "amazon" | "amazonlinux" | "amazon linux" => "amzn",
        "cbl-mariner" | "cbl-mariner linux" => "mariner",
        "azure-linux" | "azure linux" => "azurelinux",
        "oracle" | "oracle-linux" | "oraclelinux" => "ol",
        "redhat" | "red hat enterprise linux" => "rhel",
        "rocky-linux" | "rocky linux" => "rocky",
        "opensuse.leap" | "opensuse leap" => "opensuse-leap",
        "opensuse.tumbleweed" | "opensuse tumbleweed" => "opensuse-tumbleweed",
        "suse linux enterprise server" | "suse" => "sles",
        other => other,
    };
    Distro {
        id: id.to_owned(),
        version_id: version.to_owned(),
        pretty_name: format!("{name} {version}").trim().to_owned(),
        ..Distro::default()
    }
}

/// The image that the document is about.
fn image(component: &Component) -> ImageInfo {
    let all = |name: &'static str| {
        component
            .properties
            .iter()
            .filter(move |(key, _)| key.strip_prefix("aquasecurity:trivy:") == Some(name))
            .map(|(_, value)| value)
    };
    let layers =
        all("DiffID").map(|diff_id| LayerInfo { diff_id: diff_id.parse().ok(), digest: None, size: 0, created_by: None });
    let digest = component.trivy("RepoDigest").and_then(|name| name.rsplit_once('@')?.1.parse::<Digest>().ok());
    ImageInfo {
        reference: component.trivy("Reference").or(component.trivy("RepoTag")).unwrap_or(&component.name).to_owned(),
        source: "sbom".to_owned(),
        digest,
        config_digest: component.trivy("ImageID").and_then(|digest| digest.parse().ok()),
        layers: layers.collect(),
        ..ImageInfo::default()
    }
}
