//! Whether a VEX product is the scanned image, however either is written.
//!
//! Images are named by purls of the types `oci` and `docker`
//! (<https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md>, `docker-definition.md`), or, outside
//! any specification but commonly, by plain references. Tools differ in whether `repository_url` ends in the image's name,
//! in how they spell Docker Hub, and in whether the version carries `sha256:`; all of it is read.

use model::digest::Digest;
use model::image::ImageInfo;
use model::purl::pattern::Pattern;
use model::reference::Reference;
use model::vex::VexReach;

const HUB: &str = "docker.io";
const HARDENED: &str = "dhi.io";

/// Hosts under which Docker Hub is known.
const HUB_ALIASES: [&str; 6] =
    ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com", "registry.docker.io"];

/// Everything that the scanned image is called.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// Hex digests: of the manifest, of the index it was chosen from, of the configuration.
    digests: Vec<String>,
    /// Names that whoever runs the scan used.
    named: Vec<Name>,
    /// Names that the archive or SBOM gives itself.
    claimed: Vec<Name>,
    architecture: Option<String>,
}

/// A repository, and the tag where one is known.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    registry: String,
    repository: String,
    tag: Option<String>,
}

impl Identity {
    pub(super) fn new(image: &ImageInfo, index_digest: Option<Digest>) -> Self {
        let mut identity =
            Self { architecture: image.platform.as_ref().map(|platform| platform.architecture.clone()), ..Self::default() };
        let mut digests = vec![image.digest, image.config_digest, index_digest];
        if let Some(reference) = image.named() {
            digests.push(reference.digest);
            identity.named.push(Name::of(reference));
        }
        identity.claimed = image.names.iter().filter_map(|name| name.parse::<Reference>().ok()).map(Name::of).collect();
        identity.digests = digests.into_iter().flatten().map(|digest| digest.hex()).collect();
        identity
    }

    /// For messages: the first name and digest.
    pub(super) fn words(&self) -> String {
        let name = self.named.iter().chain(&self.claimed).next();
        let name = name.map(|name| match &name.tag {
            Some(tag) => format!("{}/{}:{tag}", name.registry, name.repository),
            None => format!("{}/{}", name.registry, name.repository),
        });
        let digest = self.digests.first().map(|hex| format!("sha256:{hex}"));
        let parts: Vec<String> = name.into_iter().chain(digest).collect();
        if parts.is_empty() { "without a name or digest".to_owned() } else { parts.join(", ") }
    }

    /// Whether a purl means this image; `None` where its type is not one of images.
    pub(super) fn is_purl(&self, purl: &Pattern, reach: VexReach) -> Option<bool> {
        let is_docker = match purl.kind.as_str() {
            "oci" => false,
            "docker" => true,
            _ => return None,
        };
        if !self.has_architecture(purl.qualifiers.get("arch")) {
            return Some(false);
        }
        let mut tag = purl.qualifiers.get("tag").map(String::as_str);
        match purl.version.as_deref().map(|version| hex_digest(version).ok_or(version)) {
            // The content is the same, under whatever name it was mirrored.
            Some(Ok(hex)) => return Some(self.digests.contains(&hex)),
            Some(Err(version)) => tag = Some(tag.unwrap_or(version)),
            None => {}
        }
        let name = if purl.namespace.is_empty() { purl.name.clone() } else { format!("{}/{}", purl.namespace, purl.name) };
        let home = purl.qualifiers.get("repository_url").map(String::as_str);
        Some(match home.or(is_docker.then_some(HUB)) {
            Some(home) => self.is_at(&places(home, &name.to_ascii_lowercase()), tag, reach),
            // A bare name means any registry: too little for a vendor's feed.
            None => reach == VexReach::Everything && self.is_called(&name.to_ascii_lowercase(), tag),
        })
    }

    /// Whether a product that is no purl is a digest or reference of this image.
    pub(super) fn is_text(&self, text: &str, reach: VexReach) -> bool {
        if let Ok(digest) = text.parse::<Digest>() {
            return self.digests.contains(&digest.hex());
        }
        let text = without_transport(text);
        let Ok(reference) = text.parse::<Reference>() else { return false };
        if let Some(digest) = reference.digest {
            return self.digests.contains(&digest.hex());
        }
        // `nginx` names every tag; the reference's own default would be `latest`.
        let tagged = text.rsplit('/').next().is_some_and(|last| last.contains(':'));
        let tag = reference.tag.as_deref().filter(|_| tagged).map(str::to_owned);
        self.is_at(&[(hub(&reference.registry), reference.repository)], tag.as_deref(), reach)
    }

    fn names(&self, reach: VexReach) -> impl Iterator<Item = &Name> {
        // An archive says itself what it is called: a vendor's feed is not opened by that.
        let claimed = if reach == VexReach::Everything { self.claimed.as_slice() } else { &[] };
        self.named.iter().chain(claimed)
    }

    fn is_at(&self, places: &[(String, String)], tag: Option<&str>, reach: VexReach) -> bool {
        self.names(reach).any(|name| {
            places.iter().any(|(registry, repository)| *registry == name.registry && *repository == name.repository)
                && name.has_tag(tag)
        })
    }

    fn is_called(&self, wanted: &str, tag: Option<&str>) -> bool {
        self.names(VexReach::Everything).any(|name| {
            let ends = name.repository.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
            ends && name.has_tag(tag)
        })
    }

    fn has_architecture(&self, wanted: Option<&String>) -> bool {
        wanted.is_none_or(|wanted| self.architecture.as_ref() == Some(wanted))
    }
}

impl Name {
    fn of(reference: Reference) -> Self {
        let Reference { registry, repository, tag, .. } = reference;
        match hub(&registry) {
            // Docker's hardened images come from a host of their own, and their VEX calls them `dhi/NAME`
            // (<https://github.com/docker-hardened-images/advisories>).
            registry if registry == HARDENED => Self { registry: HUB.to_owned(), repository: format!("dhi/{repository}"), tag },
            registry => Self { registry, repository, tag },
        }
    }

    fn has_tag(&self, wanted: Option<&str>) -> bool {
        wanted.is_none_or(|wanted| self.tag.as_deref() == Some(wanted))
    }
}

/// Takes off what says how an image is reached.
fn without_transport(text: &str) -> &str {
    ["docker://", "oci://", "https://", "http://", "docker:", "registry:"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text)
}

/// The one spelling of a registry.
fn hub(registry: &str) -> String {
    let registry = registry.to_ascii_lowercase();
    if HUB_ALIASES.contains(&registry.as_str()) { HUB.to_owned() } else { registry }
}

/// The repositories that a `repository_url` and a name may mean: the address may end in the name or be what is before it.
fn places(home: &str, name: &str) -> Vec<(String, String)> {
    let home = without_transport(home).trim_matches('/').to_ascii_lowercase();
    let (host, path) = match home.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        None if home.contains(['.', ':']) || home == "localhost" => (home.as_str(), ""),
        _ => (HUB, home.as_str()),
    };
    let registry = hub(host);
    let mut paths = vec![if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }];
    if path == name || path.ends_with(&format!("/{name}")) {
        paths.push(path.to_owned());
    }
    for path in &mut paths {
        if registry == HUB && !path.contains('/') {
            *path = format!("library/{path}");
        }
    }
    paths.into_iter().map(|path| (registry.clone(), path)).collect()
}

/// The hex digits of a version that is a digest. Some tools write the algorithm twice.
fn hex_digest(version: &str) -> Option<String> {
    let mut hex = version;
    while let Some(rest) = hex.strip_prefix("sha256:") {
        hex = rest;
    }
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    // What begins like a digest and is none is no tag either, and must fit nothing.
    (is_hex || hex.len() != version.len()).then(|| hex.to_ascii_lowercase())
}
