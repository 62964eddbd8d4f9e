//! What layouts, archives and registries have in common: blobs named by digest, an index to choose from, images made of
//! manifest, configuration and layers.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::digest::Digest;
use model::image::{BaseImage, HistoryStep, ImageInfo, LayerInfo};
use model::platform::Platform;

use super::{Image, OpenOptions, Opened, PlatformChoice, provenance};
use crate::blob::Blob;
use crate::hash::{digest_of, verify};
use crate::layer::Layer;
use crate::manifest::{Config, Descriptor, DescriptorPlatform, Manifest};
use crate::{Error, Limits};

/// Entries of all indexes of one target that are looked at.
const MAX_ENTRIES: usize = 10_000;
/// Tags of one repository that messages list.
const MAX_LISTED: usize = 20;

/// Blobs named by their digests.
pub(crate) trait Store {
    /// How messages call the place: `image.tar`, `registry.example/app:1`.
    fn name(&self) -> &str;
    /// What stands in [`ImageInfo::source`].
    fn source(&self) -> &'static str;
    /// The bytes of a manifest or configuration, at most `limit`; `None` where they are not here. They are not verified yet.
    fn read(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error>;
    /// The bytes of a manifest or an index, where these are kept apart from other blobs.
    fn manifest(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        self.read(descriptor, limit)
    }
    /// A layer; `None` where it is not here.
    fn blob(&self, descriptor: &Descriptor) -> Result<Option<Arc<dyn Blob>>, Error>;
}

/// A manifest whose digest is right.
#[derive(Debug)]
pub(crate) struct Verified {
    /// The digest.
    pub(crate) digest: Digest,
    /// The bytes as they came.
    pub(crate) bytes: Vec<u8>,
    /// What they say.
    pub(crate) manifest: Manifest,
}

/// Reads and verifies a manifest or an index; `None` where it is not in the store.
pub(crate) fn read_manifest(store: &dyn Store, descriptor: &Descriptor, limits: &Limits) -> Result<Option<Verified>, Error> {
    let object = format!("manifest {} of {}", descriptor.digest, store.name());
    let read = |limit| store.manifest(descriptor, limit);
    let Some(bytes) = verified(read, descriptor, limits, &object)? else { return Ok(None) };
    let manifest = Manifest::parse(&object, &bytes)?;
    Ok(Some(Verified { digest: descriptor.digest, bytes, manifest }))
}

fn read_verified(store: &dyn Store, descriptor: &Descriptor, limits: &Limits, object: &str) -> Result<Option<Vec<u8>>, Error> {
    verified(|limit| store.read(descriptor, limit), descriptor, limits, object)
}

fn verified(
    read: impl FnOnce(u64) -> Result<Option<Vec<u8>>, Error>,
    descriptor: &Descriptor,
    limits: &Limits,
    object: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let too_long = || Error::limit(object, format!("is longer than {} bytes", limits.manifest_bytes));
    if descriptor.size > limits.manifest_bytes {
        return Err(too_long());
    }
    let Some(bytes) = read(limits.manifest_bytes)? else { return Ok(None) };
    if bytes.len() as u64 > limits.manifest_bytes {
        return Err(too_long());
    }
    verify(object, &descriptor.digest, &digest_of(&bytes, Some(&descriptor.digest)))?;
    Ok(Some(bytes))
}

/// Opens what `entries`, the top of an index, lead to. `index_digest` is the index's own where it has one.
pub(crate) fn open_index(
    store: &dyn Store,
    entries: &[Descriptor],
    index_digest: Option<Digest>,
    reference: &str,
    options: &OpenOptions,
) -> Result<Opened, Error> {
    let mut collected = Collected::default();
    collect(store, entries, 0, &options.limits, &mut collected)?;
    let Collected { mut candidates, attestations, mut notes, .. } = collected;
    if candidates.is_empty() {
        notes.sort();
        let why = if notes.is_empty() { "its index is empty".to_owned() } else { notes.join("; ") };
        return Err(Error::unusable(store.name(), format!("holds no image that can be looked at: {why}")));
    }
    // What the index does not say, the configuration does.
    for candidate in &mut candidates {
        if candidate.platform.is_none()
            && let Ok(Some(verified)) = read_manifest(store, &candidate.descriptor, &options.limits)
            && let Some(config) = &verified.manifest.config
            && let Ok(Some(bytes)) = read_verified(store, config, &options.limits, "")
        {
            candidate.platform = Config::parse("", &bytes).ok().and_then(|config| config.platform());
        }
    }
    let chosen = choose(store.name(), candidates, &options.platform, &mut notes)?;
    let mut images = Vec::with_capacity(chosen.len());
    for candidate in chosen {
        let Some(verified) = read_manifest(store, &candidate.descriptor, &options.limits)? else {
            let name = store.name();
            let digest = &candidate.descriptor.digest;
            if options.platform == PlatformChoice::All {
                notes.push(format!("{}: its manifest {digest} is not in {name}", candidate.display()));
                continue;
            }
            return Err(Error::unusable(
                name,
                format!("does not hold the manifest {digest} that its index names; save or pull the image again"),
            ));
        };
        let mut image = build(store, &verified, reference, &options.limits)?;
        let digest = verified.digest.to_string();
        image.attestations =
            attestations.iter().filter(|attestation| attestation.annotations.get(ATTESTED) == Some(&digest)).cloned().collect();
        image.info.base = image.attestations.iter().find_map(|attestation| base_of(store, attestation, &options.limits));
        images.push(image);
    }
    if !attestations.is_empty() {
        notes.push(format!("{} in the index, not scanned", plural(attestations.len(), "attestation manifest")));
    }
    Ok(Opened::Images { images, index_digest, notes })
}

/// The annotation by which BuildKit says what a manifest of an index attests
/// (<https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md>).
const ATTESTED: &str = "vnd.docker.reference.digest";

/// The base image that an attestation names. What cannot be read names none: provenance is a convenience, not evidence.
fn base_of(store: &dyn Store, attestation: &Descriptor, limits: &Limits) -> Option<BaseImage> {
    let verified = read_manifest(store, attestation, limits).ok()??;
    let statements = verified.manifest.layers.iter().filter(|layer| {
        let predicate = layer.annotations.get("in-toto.io/predicate-type");
        predicate.is_some_and(|predicate| predicate.starts_with("https://slsa.dev/provenance/"))
    });
    statements
        .filter_map(|layer| read_verified(store, layer, limits, "provenance").ok()?)
        .find_map(|statement| provenance::base(&statement))
}

/// An image of an index.
struct Candidate {
    descriptor: Descriptor,
    platform: Option<Platform>,
}

impl Candidate {
    fn display(&self) -> String {
        self.platform.as_ref().map_or_else(|| "an image of unknown platform".to_owned(), Platform::to_string)
    }
}

#[derive(Default)]
struct Collected {
    candidates: Vec<Candidate>,
    attestations: Vec<Descriptor>,
    notes: Vec<String>,
    seen: BTreeSet<Digest>,
    entries: usize,
}

fn collect(
    store: &dyn Store,
    entries: &[Descriptor],
    depth: usize,
    limits: &Limits,
    collected: &mut Collected,
) -> Result<(), Error> {
    if depth > limits.index_depth {
        return Err(Error::limit(store.name(), format!("nests indexes more than {} deep", limits.index_depth)));
    }
    for descriptor in entries {
        collected.entries += 1;
        if collected.entries > MAX_ENTRIES {
            return Err(Error::limit(store.name(), format!("lists more than {MAX_ENTRIES} manifests")));
        }
        if descriptor.annotations.get("vnd.docker.reference.type").is_some_and(|kind| kind == "attestation-manifest") {
            if !collected.attestations.contains(descriptor) {
                collected.attestations.push(descriptor.clone());
            }
            continue;
        }
        // The same image under two tags, or the same index twice.
        if !collected.seen.insert(descriptor.digest) {
            continue;
        }
        let platform = descriptor.platform.as_ref().and_then(DescriptorPlatform::normal);
        let said_image = matches!(
            descriptor.media_type.as_str(),
            "application/vnd.oci.image.manifest.v1+json" | "application/vnd.docker.distribution.manifest.v2+json"
        );
        if said_image && platform.is_some() && descriptor.artifact_type.is_none() {
            collected.candidates.push(Candidate { descriptor: descriptor.clone(), platform });
            continue;
        }
        let Some(verified) = read_manifest(store, descriptor, limits)? else {
            collected.notes.push(format!("the manifest {} that the index names is not here", descriptor.digest));
            continue;
        };
        if let Some(entries) = &verified.manifest.manifests {
            collect(store, entries, depth + 1, limits, collected)?;
        } else if let Some(kind) = descriptor.artifact_type.as_deref().or(verified.manifest.artifact()) {
            collected.notes.push(format!("an artifact of type {kind} in the index is no image and was not looked at"));
        } else {
            collected.candidates.push(Candidate { descriptor: descriptor.clone(), platform });
        }
    }
    Ok(())
}

/// Chooses by platform; what is left out goes into the notes.
fn choose(
    name: &str,
    candidates: Vec<Candidate>,
    choice: &PlatformChoice,
    notes: &mut Vec<String>,
) -> Result<Vec<Candidate>, Error> {
    let find = |wanted: &Platform| {
        candidates.iter().position(|candidate| candidate.platform.as_ref().is_some_and(|platform| platform.satisfies(wanted)))
    };
    let position = match choice {
        PlatformChoice::All => return Ok(candidates),
        PlatformChoice::One(wanted) => find(wanted),
        PlatformChoice::Default => find(&Platform::host())
            .or_else(|| find(&Platform::new("linux", "amd64", None)))
            .or_else(|| (candidates.len() == 1).then_some(0)),
    };
    let Some(position) = position else {
        let mut available: Vec<String> = candidates.iter().map(Candidate::display).collect();
        available.sort();
        available.dedup();
        let wanted = match choice {
            PlatformChoice::One(wanted) => wanted.to_string(),
            _ => Platform::host().to_string(),
        };
        return Err(Error::NoPlatform { object: name.to_owned(), wanted, available: available.join(", ") });
    };
    let mut candidates = candidates;
    let chosen = candidates.swap_remove(position);
    let (same, mut others): (Vec<_>, Vec<_>) =
        candidates.iter().partition(|candidate| candidate.platform == chosen.platform && candidate.platform.is_some());
    if !others.is_empty() {
        others.sort_by(|left, right| left.platform.cmp(&right.platform));
        let mut names: Vec<String> = others.iter().map(|candidate| candidate.display()).collect();
        names.dedup();
        notes.push(format!("other platforms were not looked at: {}", names.join(", ")));
    }
    if !same.is_empty() {
        let digest = chosen.descriptor.digest;
        notes.push(format!("{} of the same platform not looked at; {digest} was taken", plural(same.len(), "other image")));
    }
    Ok(vec![chosen])
}

/// Keeps the entries of an index that carry the tag (`org.opencontainers.image.ref.name`, or the full name that
/// containerd writes beside it).
pub(crate) fn with_tag(name: &str, entries: Vec<Descriptor>, tag: &str) -> Result<Vec<Descriptor>, Error> {
    let names = |descriptor: &Descriptor| -> Vec<String> {
        ["org.opencontainers.image.ref.name", "io.containerd.image.name"]
            .iter()
            .filter_map(|key| descriptor.annotations.get(*key).cloned())
            .collect()
    };
    let is_tag =
        |given: &String| given == tag || given.rsplit_once(':').is_some_and(|(_, last)| last == tag && !last.contains('/'));
    let mut available: Vec<String> = entries.iter().flat_map(names).collect();
    let kept: Vec<Descriptor> = entries.into_iter().filter(|descriptor| names(descriptor).iter().any(is_tag)).collect();
    if kept.is_empty() {
        available.sort();
        available.dedup();
        available.truncate(MAX_LISTED);
        let there =
            if available.is_empty() { "it names none".to_owned() } else { format!("there are: {}", available.join(", ")) };
        return Err(Error::unusable(name, format!("holds no image tagged `{tag}`; {there}")));
    }
    Ok(kept)
}

/// Makes an image of its verified manifest.
pub(crate) fn build(store: &dyn Store, verified: &Verified, reference: &str, limits: &Limits) -> Result<Image, Error> {
    let name = store.name();
    let manifest = &verified.manifest;
    if let Some(kind) = manifest.artifact() {
        return Err(Error::unusable(name, format!("is an artifact of type {kind}, no image; name an image instead")));
    }
    let Some(descriptor) = &manifest.config else {
        return Err(Error::corrupt(format!("manifest {} of {name}", verified.digest), "it names no configuration"));
    };
    let object = format!("configuration {} of {name}", descriptor.digest);
    let Some(raw_config) = read_verified(store, descriptor, limits, &object)? else {
        return Err(Error::unusable(object, "is missing; save or pull the image again"));
    };
    let config = Config::parse(&object, &raw_config)?;
    if manifest.layers.len() > limits.layers {
        return Err(Error::limit(name, format!("has {} layers, more than {}", manifest.layers.len(), limits.layers)));
    }
    let diff_ids = &config.rootfs.diff_ids;
    if diff_ids.len() != manifest.layers.len() {
        let reason = format!("it names {} layers, the manifest {}", diff_ids.len(), manifest.layers.len());
        return Err(Error::corrupt(object, reason));
    }
    let mut layers = Vec::with_capacity(manifest.layers.len());
    for (number, (descriptor, diff_id)) in manifest.layers.iter().zip(diff_ids).enumerate() {
        let title = format!("layer {} ({}) of {name}", number + 1, descriptor.digest);
        let kind = &descriptor.media_type;
        let blob = store.blob(descriptor)?;
        let foreign = kind.contains("nondistributable") || kind.contains(".foreign.") || !descriptor.urls.is_empty();
        let mut layer = match blob {
            _ if kind.contains("+encrypted") => Layer::skipped(title, descriptor.size, "it is encrypted"),
            _ if config.os == "windows" => Layer::skipped(title, descriptor.size, "it is a Windows layer"),
            None if foreign => {
                Layer::skipped(title, descriptor.size, "it is a foreign layer, which is not distributed with the image")
            }
            None => return Err(Error::unusable(title, "is missing; save or pull the image again")),
            Some(blob) => Layer::new(title, blob),
        };
        layer.diff_id = Some(*diff_id);
        layer.digest = Some(descriptor.digest);
        layer.media_type.clone_from(kind);
        if descriptor.size > 0 {
            layer.size = descriptor.size;
        }
        layers.push(layer);
    }
    let mut info = info(&config, &layers, reference, store.source());
    info.digest = Some(verified.digest);
    info.config_digest = Some(descriptor.digest);
    Ok(image(info, layers, Some(verified.bytes.clone()), raw_config, config))
}

/// Puts an image together; layers that cannot be looked at become notes.
pub(crate) fn image(
    info: ImageInfo,
    layers: Vec<Layer>,
    raw_manifest: Option<Vec<u8>>,
    raw_config: Vec<u8>,
    config: Config,
) -> Image {
    let notes = layers
        .iter()
        .filter_map(|layer| layer.skip_reason().map(|reason| format!("{} was not looked at: {reason}", layer.name)))
        .collect();
    Image { info, layers, raw_manifest, raw_config, history: config.history, attestations: Vec::new(), notes }
}

/// What configuration and layers say of an image.
pub(crate) fn info(config: &Config, layers: &[Layer], reference: &str, source: &str) -> ImageInfo {
    let mut created_by = config.history.iter().filter(|step| !step.empty_layer).map(|step| step.created_by.clone());
    let mut made = 0..layers.len();
    let history = config.history.iter().map(|step| HistoryStep {
        created_by: step.created_by.clone().unwrap_or_default(),
        layer: if step.empty_layer { None } else { made.next() },
    });
    ImageInfo {
        reference: reference.to_owned(),
        source: source.to_owned(),
        platform: config.platform(),
        created: config.created.as_deref().and_then(|time| time.parse().ok()),
        user: config.config.user.clone(),
        exposed_ports: config.config.exposed_ports.keys().cloned().collect(),
        command: config.config.entrypoint.iter().chain(&config.config.cmd).cloned().collect(),
        labels: config.config.labels.clone(),
        env: config.config.env.clone(),
        healthcheck: config.config.healthcheck.test.clone(),
        history: history.collect(),
        layers: layers
            .iter()
            .map(|layer| LayerInfo {
                diff_id: layer.diff_id,
                digest: layer.digest,
                size: layer.size,
                created_by: created_by.next().flatten(),
            })
            .collect(),
        ..ImageInfo::default()
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
