//! One layer: which bytes it is made of and what a walk over it brings.

use std::fmt;
use std::sync::Arc;

use model::digest::Digest;

use crate::blob::Blob;
use crate::{Error, Limits, Visitor};

/// A layer of an image, or a root file system in a tar. Nothing is read before [`Layer::walk`].
#[derive(Clone)]
pub struct Layer {
    /// Digest of the uncompressed tar that the verified configuration names; checked by a walk.
    pub diff_id: Option<Digest>,
    /// Digest of the blob that the verified manifest names; checked by a walk.
    pub digest: Option<Digest>,
    /// Media type from the manifest; empty where there is none. The compression is told by the bytes, not by this.
    pub media_type: String,
    /// Size of the blob as stored, in bytes.
    pub size: u64,
    /// How messages call it: `layer 2 (sha256:…) of app.tar`.
    pub name: String,
    blob: Option<Arc<dyn Blob>>,
    skip: Option<String>,
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer")
            .field("name", &self.name)
            .field("diff_id", &self.diff_id)
            .field("digest", &self.digest)
            .field("size", &self.size)
            .field("skip", &self.skip)
            .finish_non_exhaustive()
    }
}

/// What a finished walk knows of the layer it went over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Digest of the uncompressed bytes, computed, and equal to [`Layer::diff_id`] where that is known.
    pub diff_id: Digest,
    /// Uncompressed bytes.
    pub bytes: u64,
    /// Entries that were told to the visitor.
    pub entries: u64,
    /// The bound past which entries were not looked at any more, as a sentence.
    pub limit_reached: Option<String>,
}

impl Layer {
    /// A layer whose bytes are `blob`. The public fields are to be filled in from manifest and configuration.
    pub fn new(name: impl Into<String>, blob: Arc<dyn Blob>) -> Self {
        let size = blob.size();
        Self { diff_id: None, digest: None, media_type: String::new(), size, name: name.into(), blob: Some(blob), skip: None }
    }

    /// A layer that cannot be looked at, and why, as a sentence without the layer's name.
    pub fn skipped(name: impl Into<String>, size: u64, reason: impl Into<String>) -> Self {
        let (name, reason) = (name.into(), reason.into());
        Self { diff_id: None, digest: None, media_type: String::new(), size, name, blob: None, skip: Some(reason) }
    }

    /// Why the layer cannot be looked at, if so: foreign, encrypted, or of Windows.
    pub fn skip_reason(&self) -> Option<String> {
        self.skip.clone()
    }

    /// Streams the layer once: decompresses, verifies blob digest and diff id, and tells the visitor every entry.
    ///
    /// What the visitor was told counts only when this returns `Ok`: a wrong digest is known at the end alone.
    pub fn walk(&self, _limits: &Limits, _visitor: &mut dyn Visitor) -> Result<Walked, Error> {
        let Some(_blob) = &self.blob else {
            return Err(Error::unusable(&self.name, self.skip.clone().unwrap_or_default()));
        };
        Err(Error::unusable(&self.name, "cannot be read yet"))
    }
}
