//! OCI layouts, as folders and in a tar
//! (<https://github.com/opencontainers/image-spec/blob/main/image-layout.md>).

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::oci::{self, Store};
use super::{OpenOptions, Opened};
use crate::Error;
use crate::blob::{Blob, FileRegion};
use crate::manifest::{Descriptor, Manifest};
use crate::tar::Index;

/// A layout in a folder.
pub(crate) struct Layout {
    root: PathBuf,
    name: String,
}

impl Layout {
    fn file(&self, path: &Path) -> Result<Option<(File, u64)>, Error> {
        let full = self.root.join(path);
        let failed = |error| Error::io(full.display().to_string(), error);
        // A fifo would wait for ever.
        match full.metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Some((File::open(&full).map_err(failed)?, metadata.len()))),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

fn blob_path(descriptor: &Descriptor) -> String {
    format!("blobs/{}/{}", descriptor.digest.algorithm(), descriptor.digest.hex())
}

impl Store for Layout {
    fn name(&self) -> &str {
        &self.name
    }

    fn source(&self) -> &'static str {
        "layout"
    }

    fn read(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some((file, _)) = self.file(Path::new(&blob_path(descriptor)))? else { return Ok(None) };
        read_up_to(&self.name, file, limit).map(Some)
    }

    fn blob(&self, descriptor: &Descriptor) -> Result<Option<Arc<dyn Blob>>, Error> {
        let Some((file, size)) = self.file(Path::new(&blob_path(descriptor)))? else { return Ok(None) };
        Ok(Some(Arc::new(FileRegion::new(Arc::new(file), 0, size))))
    }
}

fn read_up_to(name: &str, file: impl Read, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| Error::io(name, error))?;
    Ok(bytes)
}

/// Whether the folder is a layout.
pub(crate) fn is_layout(folder: &Path) -> bool {
    folder.join("oci-layout").is_file() && folder.join("index.json").is_file()
}

/// Opens a layout in a folder.
pub(crate) fn open_folder(root: &Path, tag: Option<&str>, options: &OpenOptions) -> Result<Opened, Error> {
    let layout = Layout { root: root.to_owned(), name: root.display().to_string() };
    let Some((file, _)) = layout.file(Path::new("index.json"))? else {
        return Err(Error::unusable(&layout.name, "is no OCI layout: it has no index.json"));
    };
    let index = read_up_to(&layout.name, file, options.limits.manifest_bytes)?;
    open(&layout, &index, tag, options)
}

/// Opens what the `index.json` of a layout leads to.
fn open(store: &dyn Store, index: &[u8], tag: Option<&str>, options: &OpenOptions) -> Result<Opened, Error> {
    let object = format!("index.json of {}", store.name());
    if index.len() as u64 > options.limits.manifest_bytes {
        return Err(Error::limit(object, format!("is longer than {} bytes", options.limits.manifest_bytes)));
    }
    let mut entries = Manifest::parse(&object, index)?.manifests.unwrap_or_default();
    if let Some(tag) = tag {
        entries = oci::with_tag(store.name(), entries, tag)?;
    }
    // The file index.json is no blob; an index it leads to alone is the image's.
    let index_digest = match &entries[..] {
        [only] => oci::read_manifest(store, only, &options.limits)?
            .filter(|verified| verified.manifest.manifests.is_some())
            .map(|verified| verified.digest),
        _ => None,
    };
    let reference = tag.map_or_else(|| store.name().to_owned(), |tag| format!("{}:{tag}", store.name()));
    oci::open_index(store, &entries, index_digest, &reference, options)
}

/// An image archive: a tar whose members are read where they lie.
pub(crate) struct Archive {
    pub(crate) file: Arc<File>,
    pub(crate) index: Index,
    pub(crate) name: String,
}

impl Archive {
    /// The content of a small member, cut after `limit` bytes and one.
    pub(crate) fn read_member(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some((offset, size)) = self.index.find(path) else { return Ok(None) };
        let mut bytes = vec![0; usize::try_from(size.min(limit.saturating_add(1))).unwrap_or(0)];
        self.file.read_exact_at(&mut bytes, offset).map_err(|error| Error::io(format!("{path} of {}", self.name), error))?;
        Ok(Some(bytes))
    }

    /// A member as a blob.
    pub(crate) fn member(&self, path: &str) -> Option<Arc<dyn Blob>> {
        let (offset, size) = self.index.find(path)?;
        Some(Arc::new(FileRegion::new(Arc::clone(&self.file), offset, size)))
    }

    /// Opens the archive as an OCI layout; `None` where it is none or its index is empty.
    pub(crate) fn open_layout(&self, tag: Option<&str>, options: &OpenOptions) -> Result<Option<Opened>, Error> {
        if self.index.find("oci-layout").is_none() {
            return Ok(None);
        }
        let Some(index) = self.read_member("index.json", options.limits.manifest_bytes)? else { return Ok(None) };
        if self.index.find("manifest.json").is_some()
            && Manifest::parse(&format!("index.json of {}", self.name), &index)?.manifests.is_none_or(|list| list.is_empty())
        {
            return Ok(None);
        }
        open(self, &index, tag, options).map(Some)
    }
}

impl Store for Archive {
    fn name(&self) -> &str {
        &self.name
    }

    fn source(&self) -> &'static str {
        "archive"
    }

    fn read(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        self.read_member(&blob_path(descriptor), limit)
    }

    fn blob(&self, descriptor: &Descriptor) -> Result<Option<Arc<dyn Blob>>, Error> {
        Ok(self.member(&blob_path(descriptor)))
    }
}
