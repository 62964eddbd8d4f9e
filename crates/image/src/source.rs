//! Opens whatever the user names: an archive, a layout, a root file system, an engine's image, a registry's.

mod archive;
mod docker;
mod layout;
mod oci;
mod provenance;
mod registry;

use std::path::{Path, PathBuf};

use model::digest::Digest;
use model::image::ImageInfo;
use model::platform::Platform;
use model::reference::Reference;

use self::docker::Found;
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

/// How names of files end, and hardly any reference.
const FILE_ENDINGS: [&str; 9] = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2", ".json", ".xml", ".spdx"];

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
    if let Some((scheme, rest)) = target.split_once(':')
        && let Some(opened) = open_scheme(scheme, rest, options)
    {
        return opened;
    }
    let path = Path::new(target);
    if path.exists() {
        return open_path(path, options);
    }
    // An image of such a name is asked for by `registry:`.
    if target.starts_with(['/', '.', '~']) || FILE_ENDINGS.iter().any(|ending| target.ends_with(ending)) {
        return Err(Error::NotFound { object: target.to_owned() });
    }
    let reference = reference(target)?;
    match docker::open(target, &reference, options)? {
        Found::Image(opened) => Ok(opened),
        Found::Nowhere(_) => registry::open(&reference, options),
        Found::Unasked(reason) => {
            let mut opened = registry::open(&reference, options)?;
            if let Opened::Images { notes, .. } = &mut opened {
                notes.push(format!("the local Docker engine could not be asked, so the registry was: {reason}"));
            }
            Ok(opened)
        }
    }
}

/// Reads the one layer of an artifact at a registry: of that media type, at most `limit` bytes, its digest verified.
pub fn artifact(name: &str, media_type: &str, limit: u64, client: &ClientOptions) -> Result<Vec<u8>, Error> {
    registry::artifact(&reference(name)?, media_type, limit, &OpenOptions { client: client.clone(), ..OpenOptions::default() })
}

/// `None` where the word before the colon is no scheme, as in `alpine:3.20`.
fn open_scheme(scheme: &str, rest: &str, options: &OpenOptions) -> Option<Result<Opened, Error>> {
    let opened = match scheme {
        "docker-archive" => with_name(rest, |path, name| archive::open(path, archive::Kind::Docker, name, options)),
        "oci-archive" => with_name(rest, |path, tag| archive::open(path, archive::Kind::Oci, tag, options)),
        "oci" => with_name(rest, |path, tag| layout::open_folder(path, tag, options)),
        "dir" => existing(rest)
            .and_then(|path| if path.is_dir() { Ok(Opened::RootFs(RootFs::Folder(path))) } else { archive::open_rootfs(&path) }),
        "source" => existing(rest).and_then(|path| {
            if path.is_dir() {
                return Ok(Opened::SourceFolder(path));
            }
            Err(Error::unusable(rest, "is no folder; write the path without source: for what it is"))
        }),
        "sbom" => existing(rest).and_then(|path| {
            if path.is_dir() {
                return Err(Error::unusable(rest, "is a folder, no SBOM; name the document inside"));
            }
            Ok(Opened::Sbom(path))
        }),
        "docker" => reference(rest).and_then(|reference| match docker::open(rest, &reference, options)? {
            Found::Image(opened) => Ok(opened),
            Found::Nowhere(reason) => {
                Err(Error::remote(rest, format!("{reason}; pull it, or write registry: before it instead of docker:")))
            }
            Found::Unasked(reason) => Err(Error::remote(rest, format!("the local Docker engine could not be asked: {reason}"))),
        }),
        "registry" => reference(rest).and_then(|reference| registry::open(&reference, options)),
        "containerd" | "podman" => {
            let hint = "save it to a file, or write docker: or registry: before the reference";
            Err(Error::unusable(format!("{scheme}:{rest}"), format!("cannot be opened: {scheme} is not supported; {hint}")))
        }
        _ => return None,
    };
    Some(opened)
}

fn reference(text: &str) -> Result<Reference, Error> {
    text.parse().map_err(|error| Error::Remote {
        object: text.to_owned(),
        reason: "it is neither a path that exists nor an image reference; check the spelling".to_owned(),
        source: Some(Box::new(error)),
    })
}

fn existing(text: &str) -> Result<PathBuf, Error> {
    let path = PathBuf::from(text);
    if path.exists() { Ok(path) } else { Err(Error::NotFound { object: text.to_owned() }) }
}

/// `PATH`, or `PATH:NAME` where no such path exists.
fn with_name(text: &str, open: impl FnOnce(&Path, Option<&str>) -> Result<Opened, Error>) -> Result<Opened, Error> {
    if Path::new(text).exists() {
        return open(Path::new(text), None);
    }
    // A name may hold colons itself: the longest path that exists counts.
    for (colon, _) in text.rmatch_indices(':') {
        let (path, name) = (&text[..colon], &text[colon + 1..]);
        if Path::new(path).exists() {
            return open(Path::new(path), Some(name));
        }
    }
    Err(Error::NotFound { object: text.to_owned() })
}

/// Tells apart what is at a path.
fn open_path(path: &Path, options: &OpenOptions) -> Result<Opened, Error> {
    if path.is_dir() {
        return if layout::is_layout(path) {
            layout::open_folder(path, None, options)
        } else if crate::rootfs::is_root(path) {
            Ok(Opened::RootFs(RootFs::Folder(path.to_owned())))
        } else {
            Ok(Opened::SourceFolder(path.to_owned()))
        };
    }
    if archive::is_sbom(path) {
        return Ok(Opened::Sbom(path.to_owned()));
    }
    archive::open(path, archive::Kind::Any, None, options)
}
