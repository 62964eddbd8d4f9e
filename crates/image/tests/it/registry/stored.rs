//! A small image as a registry holds it, and what a registry answers.

use std::collections::BTreeMap;

use serde_json::Value;
use testing::image::{Compression, Image, Layout, sha256};
use testing::server::{Asked, Reply};
use testing::tar::Tar;

/// A small image as a registry holds it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) manifest: Vec<u8>,
    pub(crate) digest: String,
    pub(crate) layer: String,
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
}

impl Stored {
    pub(crate) fn new() -> Self {
        // Not to be compressed away: the body of the layer is to be long enough to be cut.
        let noise: Vec<u8> = (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let image = Image::new().layer(Tar::new().file("etc/name", "value").file("noise", noise));
        let mut layout = Layout::in_memory();
        let descriptor = layout.image(&image, Compression::Gzip);
        let blobs: BTreeMap<_, _> = layout.blobs.iter().map(|(hex, bytes)| (format!("sha256:{hex}"), bytes.clone())).collect();
        let digest = descriptor["digest"].as_str().unwrap().to_owned();
        let manifest = blobs[&digest].clone();
        let parsed: Value = serde_json::from_slice(&manifest).unwrap();
        let layer = parsed["layers"][0]["digest"].as_str().unwrap().to_owned();
        assert_eq!(sha256(&manifest), digest);
        Self { manifest, digest, layer, blobs }
    }

    /// What a registry answers, ranges included.
    pub(crate) fn answer(&self, asked: &Asked) -> Reply {
        let name = asked.path.rsplit('/').next().unwrap();
        if asked.path.contains("/manifests/") {
            return if name == "1" || name == self.digest {
                Reply::ok(self.manifest.clone())
                    .with("Docker-Content-Digest", &self.digest)
                    .with("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            } else {
                Reply::status(404)
            };
        }
        let Some(blob) = self.blobs.get(name) else { return Reply::status(404) };
        match asked.header("range") {
            None => Reply::ok(blob.clone()),
            Some(range) => {
                let from: usize = range.strip_prefix("bytes=").unwrap().trim_end_matches('-').parse().unwrap();
                let told = format!("bytes {from}-{}/{}", blob.len() - 1, blob.len());
                Reply { status: 206, ..Reply::ok(&blob[from..]) }.with("Content-Range", told)
            }
        }
    }
}
