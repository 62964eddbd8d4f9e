//! Manifests, indexes and configurations as OCI and Docker write them
//! (<https://github.com/opencontainers/image-spec/blob/main/manifest.md>, `image-index.md`, `config.md`).

use std::collections::BTreeMap;

use model::digest::Digest;
use serde::Deserialize;

/// What points at a blob: its type, digest and size.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type; empty where an old index names none.
    #[serde(default)]
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
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// Type of an artifact that is no image.
    #[serde(default)]
    pub artifact_type: Option<String>,
    /// Where a foreign layer may be had.
    #[serde(default)]
    pub urls: Vec<String>,
}

/// The platform that an index claims for one of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct DescriptorPlatform {
    /// `linux`, …
    #[serde(default)]
    pub os: String,
    /// `amd64`, …
    #[serde(default)]
    pub architecture: String,
    /// `v7`, …
    #[serde(default)]
    pub variant: Option<String>,
    /// Windows build number.
    #[serde(default, rename = "os.version")]
    pub os_version: Option<String>,
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
