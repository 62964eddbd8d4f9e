//! A secret that lies in an image or a file: what kind, where, and nothing of what it is.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::severity::Severity;

/// One secret with all its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Id of the rule that knows it.
    pub rule: String,
    /// What kind of secret it is.
    pub title: String,
    /// How bad it is that it lies there.
    pub severity: Severity,
    /// Where it is, lowest layer first.
    pub locations: Vec<SecretLocation>,
    /// What may be shown of it: the letters that every secret of its kind begins with, and how long it is.
    #[serde(rename = "match")]
    pub redacted: String,
    /// Why it does not count, where something says so: a comment beside it, a baseline.
    #[serde(default)]
    pub suppressed: Option<String>,
}

/// One place of a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SecretLocation {
    /// The file; of an archive's member `archive!member`; of an image's configuration `config:ENV NAME`, `config:LABEL name`
    /// or `history:NUMBER`.
    pub path: String,
    /// The layer it is in; `None` outside of layers.
    pub layer: Option<Digest>,
    /// From 1.
    pub line: Option<u64>,
    /// The layer that deletes or replaces the file: it is still in the image for whoever reads the layer below.
    pub deleted_in: Option<Digest>,
}

impl Secret {
    /// How the reason of one begins that an earlier report has, too.
    pub const KNOWN: &'static str = "known since";

    /// What somebody has to do.
    pub const FIX: &'static str = "Revoke it where it was issued and issue a new one, then build the image anew without it: a \
                                   layer keeps what a later one deletes. Bring secrets into builds by `RUN --mount=type=secret`, and into \
                                   containers when they start.";
}
