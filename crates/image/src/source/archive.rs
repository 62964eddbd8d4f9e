//! Files that hold an image or a root file system: docker-archive, OCI archive, tar, each possibly compressed as a whole.
//!
//! `manifest.json` of docker-archive: <https://github.com/moby/docker-image-spec/blob/main/spec.md#combined-image-json--filesystem-changeset-format>.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use model::digest::Digest;
use serde::Deserialize;

use super::layout::Archive;
use super::{OpenOptions, Opened, RootFs, oci};
use crate::blob::FileRegion;
use crate::decompress::{Decoder, Format, check_size, failure};
use crate::hash::{digest_of, verify};
use crate::layer::Layer;
use crate::manifest::{Config, json};
use crate::tar::Index;
use crate::{Error, Limits};

/// Which archive a file is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever it is.
    Any,
    /// `docker-archive:`.
    Docker,
    /// `oci-archive:`.
    Oci,
}

/// One image of a docker-archive.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
}

/// Opens a file that is an image archive or the tar of a root file system. `image` names one of several images.
pub(crate) fn open(path: &Path, kind: Kind, image: Option<&str>, options: &OpenOptions) -> Result<Opened, Error> {
    let name = path.display().to_string();
    let (file, format) = open_file(path, &name)?;
    let file = if format == Format::Plain { file } else { unpack(&name, &file, format, &options.limits)? };
    open_plain(file, name, kind, image, options)
}

/// Opens an archive that is not compressed as a whole. `name` is what messages call it.
pub(crate) fn open_plain(
    file: File,
    name: String,
    kind: Kind,
    image: Option<&str>,
    options: &OpenOptions,
) -> Result<Opened, Error> {
    let file = Arc::new(file);
    if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Err(Error::unusable(name, "is empty; save the image again"));
    }
    let index = Index::read(&file, &name, &options.limits)?;
    let archive = Archive { file, index, name };
    if kind != Kind::Docker
        && let Some(opened) = archive.open_layout(image, options)?
    {
        return also_named(&archive, opened, options);
    }
    let name = &archive.name;
    if kind == Kind::Oci {
        return Err(Error::unusable(name, "is no OCI archive: it has no oci-layout and index.json"));
    }
    if let Some(manifest) = archive.read_member("manifest.json", options.limits.manifest_bytes)? {
        return open_saved(&archive, &manifest, image, options);
    }
    if archive.index.find("repositories").is_some() {
        return Err(Error::unusable(name, "has no manifest.json; it was saved by a Docker older than 1.10: save it again"));
    }
    if kind == Kind::Docker {
        return Err(Error::unusable(name, "is no docker-archive: it has no manifest.json"));
    }
    let size = archive.file.metadata().map_err(|error| Error::io(name, error))?.len();
    let blob = FileRegion::new(Arc::clone(&archive.file), 0, size);
    Ok(Opened::RootFs(RootFs::Tar(Box::new(Layer::new(name, Arc::new(blob))))))
}

/// Opens a file as the tar of a root file system, whatever is inside.
pub(crate) fn open_rootfs(path: &Path) -> Result<Opened, Error> {
    let name = path.display().to_string();
    let (file, _) = open_file(path, &name)?;
    let size = file.metadata().map_err(|error| Error::io(&name, error))?.len();
    let blob = FileRegion::new(Arc::new(file), 0, size);
    Ok(Opened::RootFs(RootFs::Tar(Box::new(Layer::new(name, Arc::new(blob))))))
}

fn open_file(path: &Path, name: &str) -> Result<(File, Format), Error> {
    let failed = |error| Error::io(name, error);
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(Error::unusable(name, "is no file; name the archive itself, or a folder as oci:PATH or dir:PATH"));
    }
    let mut file = File::open(path).map_err(failed)?;
    let mut first = Vec::new();
    (&mut file).take(8).read_to_end(&mut first).map_err(failed)?;
    Ok((file, Format::of(&first)))
}

/// Decompresses an archive into a file without a name: its members lie in any order, and each is read where it lies.
fn unpack(name: &str, file: &File, format: Format, limits: &Limits) -> Result<File, Error> {
    let full = |error| Error::io(format!("a temporary file in {}", std::env::temp_dir().display()), error);
    let mut position = file;
    position.rewind().map_err(|error| Error::io(name, error))?;
    let mut plain = tempfile::tempfile().map_err(full)?;
    let failed = |error| failure(name, format, error);
    let mut decoder = Decoder::new(format, BufReader::with_capacity(128 << 10, file)).map_err(failed)?;
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0_u64;
    loop {
        let read = decoder.read(&mut buffer).map_err(failed)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        bytes = bytes.saturating_add(read as u64);
        check_size(name, bytes, position.stream_position().unwrap_or(0), limits)?;
        plain.write_all(piece).map_err(full)?;
    }
    Ok(plain)
}

/// Opens an image that `docker save` wrote.
fn open_saved(archive: &Archive, manifest: &[u8], wanted: Option<&str>, options: &OpenOptions) -> Result<Opened, Error> {
    let name = &archive.name;
    let object = format!("manifest.json of {name}");
    let saved: Vec<Saved> = saved(&object, manifest, &options.limits)?;
    let tags = |saved: &Saved| saved.repo_tags.clone().unwrap_or_default();
    let all: Vec<String> = saved.iter().flat_map(tags).collect();
    let (chosen, mut notes) = match wanted {
        Some(wanted) => (saved.iter().find(|saved| tags(saved).iter().any(|tag| is_named(tag, wanted))), Vec::new()),
        None if saved.len() > 1 => {
            let note = format!("{name} holds {} images; only the first was looked at, of: {}", saved.len(), all.join(", "));
            (saved.first(), vec![note])
        }
        None => (saved.first(), Vec::new()),
    };
    let Some(chosen) = chosen else {
        return Err(match wanted {
            Some(wanted) => Error::unusable(name, format!("holds no image named `{wanted}`; there are: {}", all.join(", "))),
            None => Error::unusable(name, "lists no image in its manifest.json; save the image again"),
        });
    };
    let limits = &options.limits;
    let object = format!("configuration {} of {name}", chosen.config);
    let Some(raw_config) = archive.read_member(&chosen.config, limits.manifest_bytes)? else {
        return Err(Error::unusable(object, "is missing; save the image again"));
    };
    if raw_config.len() as u64 > limits.manifest_bytes {
        return Err(Error::limit(object, format!("is longer than {} bytes", limits.manifest_bytes)));
    }
    let named = digest_in(&chosen.config);
    let config_digest = digest_of(&raw_config, named.as_ref());
    match named {
        Some(named) if chosen.config.starts_with("blobs/") => verify(&object, &named, &config_digest)?,
        // The file name binds nobody: engines name the image by the digest of the bytes, and so do we.
        Some(named) if named != config_digest => {
            notes.push(format!("{object} has another digest than its name: {config_digest}"));
        }
        _ => {}
    }
    let config = Config::parse(&object, &raw_config)?;
    let paths = chosen.layers.as_deref().unwrap_or_default();
    let diff_ids = &config.rootfs.diff_ids;
    if diff_ids.len() != paths.len() {
        let reason = format!("it names {} layers, manifest.json {}", diff_ids.len(), paths.len());
        return Err(Error::corrupt(object, reason));
    }
    if paths.len() > limits.layers {
        return Err(Error::limit(name, format!("has {} layers, more than {}", paths.len(), limits.layers)));
    }
    let mut layers = Vec::with_capacity(paths.len());
    for (number, (path, diff_id)) in paths.iter().zip(diff_ids).enumerate() {
        let title = format!("layer {} ({diff_id}) of {name}", number + 1);
        let mut layer = match archive.member(path) {
            _ if config.os == "windows" => Layer::skipped(title, 0, "it is a Windows layer"),
            Some(blob) => Layer::new(title, blob),
            None => return Err(Error::unusable(title, format!("is missing (as {path}); save the image again"))),
        };
        layer.diff_id = Some(*diff_id);
        layer.digest = path.starts_with("blobs/").then(|| digest_in(path)).flatten();
        layers.push(layer);
    }
    let reference = wanted.map_or_else(|| name.clone(), |wanted| format!("{name}:{wanted}"));
    let mut info = oci::info(&config, &layers, &reference, "archive");
    info.config_digest = Some(config_digest);
    info.names = tags(chosen);
    if let super::PlatformChoice::One(wanted) = &options.platform
        && let Some(platform) = info.platform.as_ref().filter(|platform| !platform.satisfies(wanted))
    {
        let (wanted, available) = (wanted.to_string(), platform.to_string());
        return Err(Error::NoPlatform { object: name.clone(), wanted, available });
    }
    if archive.index.overflowed() {
        notes.push(format!("{name} holds very many members; some were not looked at"));
    }
    Ok(Opened::Images { images: vec![oci::image(info, layers, None, raw_config, config)], index_digest: None, notes })
}

fn saved(object: &str, manifest: &[u8], limits: &Limits) -> Result<Vec<Saved>, Error> {
    if manifest.len() as u64 > limits.manifest_bytes {
        return Err(Error::limit(object, format!("is longer than {} bytes", limits.manifest_bytes)));
    }
    Ok(json::<Option<Vec<Saved>>>(object, manifest)?.unwrap_or_default())
}

/// An archive may be both an OCI layout and a docker-archive, and the engines differ in which half they load: two halves
/// that disagree are said.
fn also_named(archive: &Archive, mut opened: Opened, options: &OpenOptions) -> Result<Opened, Error> {
    let Some(manifest) = archive.read_member("manifest.json", options.limits.manifest_bytes)? else { return Ok(opened) };
    let saved = saved(&format!("manifest.json of {}", archive.name), &manifest, &options.limits)?;
    if let Opened::Images { images, notes, .. } = &mut opened {
        let named: Vec<Digest> = saved.iter().filter_map(|saved| digest_in(&saved.config)).collect();
        let known = |digest: &Option<Digest>| digest.is_some_and(|digest| named.contains(&digest));
        if !named.is_empty() && !images.iter().any(|image| known(&image.info.config_digest)) {
            notes.push(
                "manifest.json and index.json name different images; the one of index.json was looked at, write \
                 docker-archive: before the path for the other"
                    .to_owned(),
            );
        }
    }
    Ok(opened)
}

/// The digest that a member's name carries: `HEX.json`, `sha256:HEX`, `blobs/sha256/HEX`, `HEX.tar`.
fn digest_in(path: &str) -> Option<Digest> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hex = name.strip_prefix("sha256:").unwrap_or(name);
    let hex = hex.split_once('.').map_or(hex, |(hex, _)| hex);
    let algorithm = if path.starts_with("blobs/sha512/") { "sha512" } else { "sha256" };
    format!("{algorithm}:{hex}").parse().ok()
}

/// Whether a stored name (`docker.io/library/app:1`) is what someone wrote (`app:1`).
fn is_named(stored: &str, wanted: &str) -> bool {
    let normal = |text: &str| text.parse::<model::reference::Reference>().map(|reference| reference.to_string());
    stored == wanted || normal(stored).is_ok_and(|stored| normal(wanted).is_ok_and(|wanted| wanted == stored))
}

/// Whether a file begins as a CycloneDX or SPDX document does: in JSON, with or without an in-toto statement around it, in
/// XML, or as tags and values.
pub(crate) fn is_sbom(path: &Path) -> bool {
    let mut first = vec![0; 64 << 10];
    let Ok(read) = File::open(path).and_then(|file| file.read_at(&mut first, 0)) else { return false };
    let first = first.get(..read).unwrap_or_default();
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    let holds = |word: &str| memchr::memmem::find(first, word.as_bytes()).is_some();
    match first.first() {
        Some(b'{') => ["\"bomFormat\"", "\"spdxVersion\"", "\"https://cyclonedx.org/bom", "\"https://spdx.dev/Document"]
            .into_iter()
            .any(holds),
        Some(b'<') => holds("http://cyclonedx.org/schema/bom/"),
        _ => {
            let mut lines = first.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
            let line = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
            line.is_some_and(|line| line.starts_with(b"SPDXVersion:"))
        }
    }
}
