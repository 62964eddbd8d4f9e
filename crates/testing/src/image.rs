//! Writes images: docker-archive, OCI layouts and OCI archives, with real digests.
#![allow(clippy::missing_panics_doc, reason = "tests stop at what cannot be written")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests stop at what cannot be written")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::tar::Tar;

/// `sha256:` and the digest of the bytes.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    sha256(bytes).split_off(7)
}

/// How layers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// As they are.
    Plain,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

impl Compression {
    /// Compresses.
    pub fn compress(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => bytes.to_vec(),
            Self::Gzip => gzip(bytes),
            Self::Zstd => zstd::encode_all(bytes, 3).expect("zstd compresses memory"),
        }
    }

    fn layer_type(self) -> &'static str {
        match self {
            Self::Plain => "application/vnd.oci.image.layer.v1.tar",
            Self::Gzip => "application/vnd.oci.image.layer.v1.tar+gzip",
            Self::Zstd => "application/vnd.oci.image.layer.v1.tar+zstd",
        }
    }
}

/// One gzip member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("gzip compresses memory")
}

/// An image: layers and a configuration.
#[derive(Clone, Debug)]
pub struct Image {
    /// The uncompressed tars, lowest first.
    pub layers: Vec<Vec<u8>>,
    /// The configuration, but for `rootfs`, which is computed.
    pub config: Value,
}

impl Default for Image {
    fn default() -> Self {
        Self { layers: Vec::new(), config: json!({"architecture": "amd64", "os": "linux", "config": {}, "history": []}) }
    }
}

impl Image {
    /// An image for linux/amd64 without layers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer on top.
    pub fn layer(mut self, tar: Tar) -> Self {
        self.layers.push(tar.bytes());
        self
    }

    /// For another platform.
    pub fn platform(mut self, os: &str, architecture: &str) -> Self {
        self.config["os"] = os.into();
        self.config["architecture"] = architecture.into();
        self
    }

    /// Sets a member of the configuration (`config`, `history`, `created`).
    pub fn set(mut self, key: &str, value: Value) -> Self {
        self.config[key] = value;
        self
    }

    /// The bytes of the configuration.
    pub fn config_bytes(&self) -> Vec<u8> {
        let mut config = self.config.clone();
        let diff_ids: Vec<String> = self.layers.iter().map(|layer| sha256(layer)).collect();
        config["rootfs"] = json!({"type": "layers", "diff_ids": diff_ids});
        config.to_string().into_bytes()
    }

    /// The members of a docker-archive, without `manifest.json`, and its entry there.
    fn saved(&self, tag: &str) -> (Vec<(String, Vec<u8>)>, Value) {
        let config = self.config_bytes();
        let mut members = vec![(format!("{}.json", hex(&config)), config)];
        for layer in &self.layers {
            members.push((format!("{}/layer.tar", hex(layer)), layer.clone()));
        }
        let layers: Vec<&String> = members.iter().skip(1).map(|(name, _)| name).collect();
        let entry = json!({"Config": members[0].0, "RepoTags": [tag], "Layers": layers});
        (members, entry)
    }

    /// As `docker save` before version 25 wrote it.
    pub fn docker_archive(&self, tag: &str) -> Vec<u8> {
        docker_archive(&[(tag, self)])
    }

    /// As an OCI layout with the tag `latest` in a new folder.
    pub fn layout(&self, root: &Path, compression: Compression) {
        let mut layout = Layout::new(root);
        let descriptor = layout.image(self, compression);
        layout.finish(&[tagged(descriptor, "latest")]);
    }

    /// As an OCI layout in a tar.
    pub fn oci_archive(&self, compression: Compression) -> Vec<u8> {
        let mut layout = Layout::in_memory();
        let descriptor = layout.image(self, compression);
        layout.archive(&[tagged(descriptor, "latest")]).bytes()
    }
}

/// Several images in one docker-archive.
pub fn docker_archive(images: &[(&str, &Image)]) -> Vec<u8> {
    let mut tar = Tar::new();
    let mut entries = Vec::new();
    for (tag, image) in images {
        let (members, entry) = image.saved(tag);
        for (name, content) in members {
            tar = tar.file(&name, content);
        }
        entries.push(entry);
    }
    tar.file("manifest.json", Value::from(entries).to_string()).bytes()
}

/// Puts the tag's annotation on a descriptor.
pub fn tagged(mut descriptor: Value, tag: &str) -> Value {
    descriptor["annotations"]["org.opencontainers.image.ref.name"] = tag.into();
    descriptor
}

/// Puts a platform on a descriptor.
pub fn for_platform(mut descriptor: Value, os: &str, architecture: &str) -> Value {
    descriptor["platform"] = json!({"os": os, "architecture": architecture});
    descriptor
}

/// Blobs and an index in the making.
#[derive(Clone, Debug)]
pub struct Layout {
    root: Option<PathBuf>,
    /// Blobs by their hexadecimal digests, in the order in which they were added.
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl Layout {
    /// In a folder.
    pub fn new(root: &Path) -> Self {
        std::fs::create_dir_all(root.join("blobs/sha256")).expect("the folder of a test can be written");
        Self { root: Some(root.to_owned()), blobs: Vec::new() }
    }

    /// For [`Layout::archive`].
    pub fn in_memory() -> Self {
        Self { root: None, blobs: Vec::new() }
    }

    /// Adds a blob; its descriptor.
    pub fn blob(&mut self, media_type: &str, bytes: &[u8]) -> Value {
        let name = hex(bytes);
        match &self.root {
            Some(root) => {
                std::fs::write(root.join("blobs/sha256").join(&name), bytes).expect("the folder of a test can be written");
            }
            None => self.blobs.push((name, bytes.to_vec())),
        }
        json!({"mediaType": media_type, "digest": sha256(bytes), "size": bytes.len()})
    }

    /// Adds an image; the descriptor of its manifest.
    pub fn image(&mut self, image: &Image, compression: Compression) -> Value {
        let config = self.blob("application/vnd.oci.image.config.v1+json", &image.config_bytes());
        let layers: Vec<Value> =
            image.layers.iter().map(|layer| self.blob(compression.layer_type(), &compression.compress(layer))).collect();
        self.manifest(&json!({"schemaVersion": 2, "config": config, "layers": layers}))
    }

    /// Adds a manifest as written; its descriptor.
    pub fn manifest(&mut self, manifest: &Value) -> Value {
        self.blob("application/vnd.oci.image.manifest.v1+json", manifest.to_string().as_bytes())
    }

    /// Adds an index; its descriptor.
    pub fn index(&mut self, manifests: &[Value]) -> Value {
        let index = json!({"schemaVersion": 2, "manifests": manifests});
        self.blob("application/vnd.oci.image.index.v1+json", index.to_string().as_bytes())
    }

    /// Writes `index.json` and `oci-layout`.
    pub fn finish(&self, manifests: &[Value]) {
        let Some(root) = &self.root else { return };
        for (name, content) in ends(manifests) {
            std::fs::write(root.join(name), content).expect("the folder of a test can be written");
        }
    }

    /// The tar of a layout made by [`Layout::in_memory`].
    pub fn archive(&self, manifests: &[Value]) -> Tar {
        let blobs = self.blobs.iter().map(|(name, content)| (format!("blobs/sha256/{name}"), content.clone()));
        let ends = ends(manifests).into_iter().map(|(name, content)| (name.to_owned(), content));
        blobs.chain(ends).fold(Tar::new(), |tar, (name, content)| tar.file(&name, content))
    }
}

fn ends(manifests: &[Value]) -> [(&'static str, Vec<u8>); 2] {
    let index = json!({"schemaVersion": 2, "manifests": manifests}).to_string().into_bytes();
    [("index.json", index), ("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec())]
}
