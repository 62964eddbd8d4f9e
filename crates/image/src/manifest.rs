//! Manifests, indexes and configurations as OCI and Docker write them
//! (<https://github.com/opencontainers/image-spec/blob/main/manifest.md>, `image-index.md`, `config.md`;
//! <https://github.com/distribution/distribution/blob/main/docs/content/spec/manifest-v2-2.md>).

use std::collections::BTreeMap;

use model::digest::Digest;
use model::platform::Platform;
use serde::{Deserialize, Deserializer};

use crate::Error;

/// What points at a blob: its type, digest and size.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type; empty where an old index names none.
    #[serde(default, deserialize_with = "or_default")]
    pub media_type: String,
    /// Digest of the bytes.
    pub digest: Digest,
    /// Length in bytes.
    #[serde(default)]
    pub size: u64,
    /// Platform, on the entries of an index.
    #[serde(default)]
    pub platform: Option<DescriptorPlatform>,
    /// Annotations.
    #[serde(default, deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
    /// Type of an artifact that is no image.
    #[serde(default)]
    pub artifact_type: Option<String>,
    /// Where a foreign layer may be had.
    #[serde(default, deserialize_with = "or_default")]
    pub urls: Vec<String>,
}

impl Descriptor {
    /// Of bytes that nothing more is known of.
    pub(crate) fn of(digest: Digest, size: u64) -> Self {
        Self {
            media_type: String::new(),
            digest,
            size,
            platform: None,
            annotations: BTreeMap::new(),
            artifact_type: None,
            urls: Vec::new(),
        }
    }
}

/// The platform that an index claims for one of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct DescriptorPlatform {
    /// `linux`, …
    #[serde(default, deserialize_with = "or_default")]
    pub os: String,
    /// `amd64`, …
    #[serde(default, deserialize_with = "or_default")]
    pub architecture: String,
    /// `v7`, …
    #[serde(default)]
    pub variant: Option<String>,
    /// Windows build number.
    #[serde(default, rename = "os.version")]
    pub os_version: Option<String>,
}

impl DescriptorPlatform {
    /// The platform in normal form; `None` for BuildKit's `unknown/unknown` and for what names none.
    pub fn normal(&self) -> Option<Platform> {
        let known = |word: &str| !word.is_empty() && word != "unknown";
        (known(&self.os) && known(&self.architecture))
            .then(|| Platform::new(&self.os, &self.architecture, self.variant.as_deref()))
    }
}

/// One step of the build, as the configuration tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct History {
    /// When, as written.
    #[serde(default)]
    pub created: Option<String>,
    /// The command.
    #[serde(default)]
    pub created_by: Option<String>,
    /// A remark; BuildKit leaves `buildkit.dockerfile.v0`.
    #[serde(default)]
    pub comment: Option<String>,
    /// The step made no layer.
    #[serde(default)]
    pub empty_layer: bool,
}

/// An image manifest, or an index: which of them the members tell.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// 2; 1 is Docker's signed format of old.
    #[serde(default)]
    pub schema_version: u32,
    /// Media type, where it is written.
    #[serde(default, deserialize_with = "or_default")]
    pub media_type: String,
    /// Type of an artifact that is no image.
    #[serde(default)]
    pub artifact_type: Option<String>,
    /// The configuration of an image.
    #[serde(default)]
    pub config: Option<Descriptor>,
    /// The layers of an image, lowest first.
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<Descriptor>,
    /// The entries of an index.
    #[serde(default)]
    pub manifests: Option<Vec<Descriptor>>,
    /// Annotations.
    #[serde(default, deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads a manifest or an index; the bytes are already verified.
    pub fn parse(object: &str, bytes: &[u8]) -> Result<Self, Error> {
        let manifest: Self = json(object, bytes)?;
        if manifest.schema_version == 1 {
            return Err(Error::unusable(
                object,
                "is in Docker's schema 1, which names no verifiable layers; push the image again with a current tool",
            ));
        }
        Ok(manifest)
    }

    /// Whether it is a manifest of something that is no image; then of what.
    pub fn artifact(&self) -> Option<&str> {
        if let Some(kind) = self.artifact_type.as_deref().filter(|kind| !kind.is_empty()) {
            return Some(kind);
        }
        let config = self.config.as_ref()?.media_type.as_str();
        let image = config.is_empty()
            || config == "application/octet-stream"
            || config.ends_with(".image.config.v1+json")
            || config.ends_with("container.image.v1+json");
        (!image).then_some(config)
    }
}

/// The configuration of an image, as far as it is of use.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Config {
    /// When, as written.
    #[serde(default)]
    pub created: Option<String>,
    /// `amd64`, …
    #[serde(default, deserialize_with = "or_default")]
    pub architecture: String,
    /// `linux`, …
    #[serde(default, deserialize_with = "or_default")]
    pub os: String,
    /// `v7`, …
    #[serde(default)]
    pub variant: Option<String>,
    /// How containers are to be run.
    #[serde(default, deserialize_with = "or_default")]
    pub config: RunConfig,
    /// The layers.
    #[serde(default, deserialize_with = "or_default")]
    pub rootfs: RootFsConfig,
    /// Steps of the build.
    #[serde(default, deserialize_with = "or_default")]
    pub history: Vec<History>,
}

/// How containers of the image are to be run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RunConfig {
    /// The user.
    #[serde(default)]
    pub user: Option<String>,
    /// Ports as keys (`8080/tcp`); the values are empty objects.
    #[serde(default, deserialize_with = "or_default")]
    pub exposed_ports: BTreeMap<String, serde_json::Value>,
    /// What containers run.
    #[serde(default, deserialize_with = "or_default")]
    pub entrypoint: Vec<String>,
    /// Its arguments, or what containers run where there is no entry point.
    #[serde(default, deserialize_with = "or_default")]
    pub cmd: Vec<String>,
    /// How an engine tells whether a container is well; Docker's own member.
    #[serde(default, deserialize_with = "or_default")]
    pub healthcheck: Healthcheck,
    /// Environment.
    #[serde(default, deserialize_with = "or_default")]
    pub env: Vec<String>,
    /// Labels.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: BTreeMap<String, String>,
}

/// A health check (<https://github.com/moby/docker-image-spec>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `["CMD", …]`, `["CMD-SHELL", …]` or `["NONE"]`.
    #[serde(default, deserialize_with = "or_default")]
    pub test: Vec<String>,
}

/// The layers as the configuration names them.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct RootFsConfig {
    /// Digests of the uncompressed layers, lowest first.
    #[serde(default, deserialize_with = "or_default")]
    pub diff_ids: Vec<Digest>,
}

impl Config {
    /// Reads a configuration; the bytes are already verified.
    pub fn parse(object: &str, bytes: &[u8]) -> Result<Self, Error> {
        json(object, bytes)
    }

    /// The platform; `None` where the configuration leaves it open.
    pub fn platform(&self) -> Option<Platform> {
        (!self.os.is_empty() && !self.architecture.is_empty())
            .then(|| Platform::new(&self.os, &self.architecture, self.variant.as_deref()))
    }
}

/// Reads JSON, naming the object where it is none.
pub(crate) fn json<T: serde::de::DeserializeOwned>(object: &str, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::corrupt(object, format!("it cannot be understood ({error})")))
}

/// Go writes `null` for what is empty.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
