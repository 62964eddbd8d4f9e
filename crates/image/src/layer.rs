//! One layer: which bytes it is made of and what a walk over it brings.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use model::digest::Digest;

use crate::blob::Blob;
use crate::hash::verify;
use crate::pipeline::stream;
use crate::tar::Reader;
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
    pub fn walk(&self, limits: &Limits, visitor: &mut dyn Visitor) -> Result<Walked, Error> {
        let Some(blob) = &self.blob else {
            let reason = self.skip.as_deref().unwrap_or("has no content");
            return Err(Error::unusable(&self.name, format!("cannot be looked at: {reason}")));
        };
        let deadline = limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut reader = Reader::new(limits);
        let expected = (self.digest.as_ref(), self.diff_id.as_ref());
        let walked = stream(&self.name, blob.as_ref(), expected, limits, |piece| {
            if deadline.is_some_and(|deadline| Instant::now() > deadline) {
                return Err(Error::Timeout { object: self.name.clone() });
            }
            reader.feed(piece, visitor).map_err(|fault| Error::corrupt(&self.name, reader.describe(&fault)))
        })
        .and_then(|streamed| {
            if let (Some(expected), Some(actual)) = (&self.digest, &streamed.blob) {
                verify(&self.name, expected, actual)?;
            }
            if let Some(expected) = &self.diff_id {
                verify(&format!("the uncompressed content of {}", self.name), expected, &streamed.content)?;
            }
            reader.finish(visitor).map_err(|fault| Error::corrupt(&self.name, reader.describe(&fault)))?;
            Ok(Walked {
                diff_id: streamed.content,
                bytes: streamed.bytes,
                entries: reader.entries(),
                limit_reached: reader.limit_reached().cloned(),
            })
        });
        if walked.is_err() {
            reader.abort(visitor);
        }
        walked
    }
}
