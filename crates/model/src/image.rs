//! What a verified manifest and configuration say of an image, as far as reports and gates need it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::platform::Platform;
use crate::reference::Reference;

/// One image of one platform, or what stands in its place (a root file system, an SBOM, a folder of source).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageInfo {
    /// What the user named, in the form the source understood it.
    pub reference: String,
    /// `registry`, `docker`, `archive`, `layout`, `rootfs`, `source`, `sbom`.
    pub source: String,
    /// Names that an archive or an SBOM gives the image itself: claims of whoever wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Digest of the platform's manifest; `None` where there is none (docker-archive, a folder).
    pub digest: Option<Digest>,
    /// Digest of the configuration; `None` where there is none.
    pub config_digest: Option<Digest>,
    /// Platform, from the verified configuration.
    pub platform: Option<Platform>,
    /// Creation time the configuration claims.
    pub created: Option<Timestamp>,
    /// The configured user; empty means root.
    pub user: Option<String>,
    /// Ports that containers listen on, as `8080/tcp`, in order.
    pub exposed_ports: Vec<String>,
    /// The command that containers run: entry point, then its arguments.
    pub command: Vec<String>,
    /// Labels, in order of their names.
    pub labels: BTreeMap<String, String>,
    /// Environment, as `NAME=value`.
    pub env: Vec<String>,
    /// The command by which an engine tells whether a container is well; empty where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub healthcheck: Vec<String>,
    /// Steps of the build, oldest first, those without a layer among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryStep>,
    /// Layers, lowest first.
    pub layers: Vec<LayerInfo>,
    /// The base image, where something says which it is.
    pub base: Option<BaseImage>,
}

impl ImageInfo {
    /// The name that the image was asked for by, at a registry or an engine; `None` where it was a path.
    pub fn named(&self) -> Option<Reference> {
        let name = &self.reference;
        let name = name.strip_prefix("docker:").or(name.strip_prefix("registry:")).unwrap_or(name);
        if matches!(self.source.as_str(), "registry" | "docker") { name.parse().ok() } else { None }
    }
}

/// One step of the build, as the configuration tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryStep {
    /// The instruction, as the builder wrote it.
    pub created_by: String,
    /// Which layer it made, from 0; `None` where it made none.
    pub layer: Option<usize>,
}

/// One layer of the file system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerInfo {
    /// Digest of the uncompressed tar.
    pub diff_id: Option<Digest>,
    /// Digest of the blob as stored.
    pub digest: Option<Digest>,
    /// Size of the blob as stored, in bytes.
    pub size: u64,
    /// The history entry that made it.
    pub created_by: Option<String>,
}

/// The image this one was built on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseImage {
    /// Its name, where known.
    pub name: Option<String>,
    /// Its digest, where known.
    pub digest: Option<Digest>,
    /// How it is known.
    pub how: BaseEvidence,
    /// How many of the lowest layers belong to it; `None` where that is not known.
    pub layers: Option<usize>,
}

/// How the base image of an image is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BaseEvidence {
    /// The user named it.
    Flag,
    /// A label of the image names it.
    Label,
    /// The build's provenance names it.
    Provenance,
    /// The lowest layers are an image that was scanned before.
    Layers,
}

impl BaseEvidence {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Label => "label",
            Self::Provenance => "provenance",
            Self::Layers => "layers",
        }
    }
}
