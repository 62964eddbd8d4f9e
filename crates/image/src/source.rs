//! Opens whatever the user names: an archive, a layout, a root file system, an engine's image, a registry's.

use std::path::PathBuf;

use model::digest::Digest;
use model::image::ImageInfo;
use model::platform::Platform;

use crate::client::ClientOptions;
use crate::layer::Layer;
use crate::manifest::{Descriptor, History};
use crate::{Error, Limits};

/// Which images of an index are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlatformChoice {
    /// The host's, else linux/amd64, else the only one there is.
    #[default]
    Default,
    /// This one.
    One(Platform),
    /// Every one.
    All,
}

/// How to open a target.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Which images of an index.
    pub platform: PlatformChoice,
    /// Bounds on what is read.
    pub limits: Limits,
    /// How to speak to registries and engines.
    pub client: ClientOptions,
    /// Layers that a cache knows are to be read all the same. Of no concern here, but to who walks the layers.
    pub verify_layers: bool,
}

/// A target, told apart by what it is.
#[derive(Debug)]
pub enum Opened {
    /// One image, or one per platform.
    Images {
        /// The images, in the order of the index.
        images: Vec<Image>,
        /// Digest of the index they were chosen from, where there is one.
        index_digest: Option<Digest>,
        /// What was left out, a sentence each: other platforms, other images, attestations.
        notes: Vec<String>,
    },
    /// A root file system.
    RootFs(RootFs),
    /// A folder of source code.
    SourceFolder(PathBuf),
    /// A CycloneDX or SPDX document.
    Sbom(PathBuf),
}

/// A root file system that is no image.
#[derive(Debug)]
pub enum RootFs {
    /// A folder, to be walked by [`crate::rootfs::walk_rootfs`].
    Folder(PathBuf),
    /// A tar, possibly compressed; a layer without digests.
    Tar(Box<Layer>),
}

/// One image of one platform: verified manifest and configuration, layers not yet read.
#[derive(Clone, Debug)]
pub struct Image {
    /// What reports and gates need of it.
    pub info: ImageInfo,
    /// Layers, lowest first; as many as `info.layers`.
    pub layers: Vec<Layer>,
    /// The manifest's bytes as they came; `None` for docker-archive, which has none.
    pub raw_manifest: Option<Vec<u8>>,
    /// The configuration's bytes as they came.
    pub raw_config: Vec<u8>,
    /// Steps of the build, those without a layer among them.
    pub history: Vec<History>,
    /// Attestation manifests that BuildKit put beside this image into the index.
    pub attestations: Vec<Descriptor>,
    /// What is to be said of this image, a sentence each.
    pub notes: Vec<String>,
}

/// Opens `target`: `SCHEME:…`, an existing path told apart by content, or a reference that is tried on the local engine
/// first and at its registry then.
pub fn open(target: &str, options: &OpenOptions) -> Result<Opened, Error> {
    let _ = options;
    Err(Error::unusable(target, "cannot be opened yet"))
}
