//! What was seen running in containers of an image: the evidence behind "in use".

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The name of the format, with its version.
pub const SCHEMA: &str = "plimsoll.usage/v1";

/// A usage file: what somebody who watched containers of one image saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// [`SCHEMA`].
    pub schema: String,
    /// Digest of the platform's manifest, or of the configuration.
    pub image: Digest,
    /// When it was watched.
    pub observed: Observed,
    /// What was seen.
    pub uses: Vec<Use>,
}

/// The time during which somebody watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
}

impl Observed {
    /// How long; zero where the end lies before the begin.
    pub fn duration(&self) -> SignedDuration {
        self.to.duration_since(self.from).max(SignedDuration::ZERO)
    }
}

/// One package or file that was in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// The package, as reports name it. At least one of this and `path` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// The file, absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How strong the evidence is.
    pub evidence: UseEvidence,
    /// When it was seen first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Timestamp>,
    /// When it was seen last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

/// What was seen of a file, ordered from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UseEvidence {
    /// It is part of a program that ran.
    Embedded,
    /// It was opened.
    Opened,
    /// It was mapped into a process.
    Mapped,
    /// It was executed.
    Exec,
}

impl UseEvidence {
    /// In words that complete "in use: ".
    pub fn words(self) -> &'static str {
        match self {
            Self::Embedded => "part of a program that ran",
            Self::Opened => "opened",
            Self::Mapped => "mapped into a process",
            Self::Exec => "executed",
        }
    }
}
