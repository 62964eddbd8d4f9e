//! Which part of an image is its base: by `--base`, by label, by the build's provenance, or because its lowest layers
//! are exactly an image that was scanned before. Never guessed.

use std::fs;
use std::path::{Path, PathBuf};

use image::source::{Image, OpenOptions, Opened};
use model::digest::Digest;
use model::image::{BaseEvidence, BaseImage};
use sha2::{Digest as _, Sha256};

/// Finds bases.
pub struct Bases<'a> {
    flag: Option<&'a str>,
    options: &'a OpenOptions,
    records: ImageRecords,
}

/// Names of the annotations and labels
/// (<https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys>).
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

impl<'a> Bases<'a> {
    /// `flag` is the user's `--base`.
    pub fn new(flag: Option<&'a str>, options: &'a OpenOptions, records: ImageRecords) -> Self {
        Self { flag, options, records }
    }

    /// The base of an image, and what is to be said about it.
    pub fn of(&self, image: &Image) -> anyhow::Result<(Option<BaseImage>, Option<String>)> {
        if let Some(reference) = self.flag {
            return self.by_flag(reference, image).map(|base| (Some(base), None));
        }
        let label = |name: &str| image.info.labels.get(name).filter(|value| !value.is_empty());
        if label(BASE_NAME).is_some() || label(BASE_DIGEST).is_some() {
            let digest: Option<Digest> = label(BASE_DIGEST).and_then(|digest| digest.parse().ok());
            // The label names the base; how many layers it has, only an image seen before can tell.
            let layers = self.records.longest_prefix(image).map(|record| record.layers);
            return Ok((Some(BaseImage { name: label(BASE_NAME).cloned(), digest, how: BaseEvidence::Label, layers }), None));
        }
        // Opening the image read the build's provenance, where there is one.
        if let Some(base) = image.info.base.clone() {
            let layers = self.records.longest_prefix(image).map(|record| record.layers);
            return Ok((Some(BaseImage { layers, ..base }), None));
        }
        let by_layers = self.records.longest_prefix(image).map(|record| BaseImage {
            name: Some(record.reference),
            digest: record.digest,
            how: BaseEvidence::Layers,
            layers: Some(record.layers),
        });
        Ok((by_layers, None))
    }

    fn by_flag(&self, reference: &str, image: &Image) -> anyhow::Result<BaseImage> {
        let Opened::Images { images, .. } = image::source::open(reference, self.options)? else {
            anyhow::bail!("--base {reference} is no image; name an archive, a layout or a reference");
        };
        let wanted = diff_ids(image);
        let fits = |base: &&Image| {
            let own = diff_ids(base);
            own.is_some() && wanted.as_ref().zip(own.as_ref()).is_some_and(|(wanted, own)| wanted.starts_with(own))
        };
        match images.iter().find(fits) {
            Some(base) => Ok(BaseImage {
                name: Some(reference.to_owned()),
                digest: base.info.digest,
                how: BaseEvidence::Flag,
                layers: Some(base.layers.len()),
            }),
            None => anyhow::bail!(
                "{reference} is not the base of this image: its layers are not the image's lowest; build the image again or name another base"
            ),
        }
    }

    /// Remembers an image, so that those built on it can be told.
    pub fn remember(&self, image: &Image) {
        self.records.put(image);
    }
}

fn diff_ids(image: &Image) -> Option<Vec<Digest>> {
    image.layers.iter().map(|layer| layer.diff_id).collect()
}

/// Which chains of layers are whole images that were scanned before: one small file for each.
#[derive(Debug, Clone)]
pub struct ImageRecords {
    folder: PathBuf,
}

/// An image scanned before.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Record {
    reference: String,
    digest: Option<Digest>,
    layers: usize,
}

impl ImageRecords {
    /// Records in this folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, chain: &[u8; 32]) -> PathBuf {
        self.folder.join(format!("{}.json", Digest::Sha256(*chain).hex()))
    }

    /// The longest proper prefix of the image's layers that is an image scanned before.
    fn longest_prefix(&self, image: &Image) -> Option<Record> {
        let chains = chains(image, &diff_ids(image)?);
        let proper = chains.len().saturating_sub(1);
        chains[..proper].iter().rev().find_map(|chain| serde_json::from_slice(&fs::read(self.path(chain)).ok()?).ok())
    }

    fn put(&self, image: &Image) {
        let Some(diff_ids) = diff_ids(image) else { return };
        let Some(chain) = chains(image, &diff_ids).pop() else { return };
        let path = self.path(&chain);
        // The first name an image was scanned under stays, so that later scans answer alike.
        if path.exists() {
            return;
        }
        let record = Record { reference: image.info.reference.clone(), digest: image.info.digest, layers: diff_ids.len() };
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        // Whoever cannot write here misses a convenience, not a verdict.
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&temporary, serde_json::to_vec(&record)?))
            .and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
    }

    /// Forgets all.
    pub fn clear(&self) -> anyhow::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// For each prefix of the layers one hash that stands for it, on the image's platform: what an index holds for another
/// platform is nobody's base.
fn chains(image: &Image, diff_ids: &[Digest]) -> Vec<[u8; 32]> {
    let platform = image.info.platform.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut chain = Sha256::digest(platform).into();
    diff_ids
        .iter()
        .map(|diff_id| {
            let mut hash = Sha256::new();
            hash.update(chain);
            hash.update(diff_id.to_string());
            chain = hash.finalize().into();
            chain
        })
        .collect()
}
