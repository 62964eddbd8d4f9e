//! What is remembered of the files that were brought: `.state/state.json` in the folder of kept feeds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::database::replace;

/// The folder that holds the state and what is on its way, which no build looks into.
pub(super) const FOLDER: &str = ".state";
/// Largest state that is read.
const LIMIT: u64 = 16 << 20;

/// What a server said about a file, so that it can be asked whether there is a newer one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// `ETag`.
    #[serde(default)]
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default)]
    pub(crate) last_modified: Option<String>,
}

/// One file that was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Accepted {
    /// Where it came from: another address is another file.
    pub(super) address: String,
    #[serde(flatten)]
    pub(super) validators: Validators,
    /// `YYYY-MM-DD` that the server gave it.
    #[serde(default)]
    pub(super) date: Option<String>,
    /// Records in it.
    pub(super) records: u64,
    /// Its length in bytes.
    pub(super) length: u64,
    /// Its checksum, where a list of checksums named it.
    #[serde(default)]
    pub(super) sha256: Option<String>,
}

/// All of them, by their path in the folder of feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) files: BTreeMap<String, Accepted>,
}

impl State {
    /// Reads the state. One that is missing or damaged is none: then everything is fetched again.
    pub(super) fn load(feeds: &Path) -> Self {
        let path = path(feeds);
        let small = fs::metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LIMIT);
        small.then(|| fs::read(&path).ok()).flatten().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Replaces the state whole.
    pub(super) fn save(&self, feeds: &Path) -> io::Result<()> {
        replace(&path(feeds), &serde_json::to_vec_pretty(self)?)
    }

    /// What is known of a file, as long as it lies there in its full length.
    pub(super) fn kept(&self, feeds: &Path, place: &str) -> Option<&Accepted> {
        let accepted = self.files.get(place)?;
        let metadata = fs::metadata(feeds.join(place)).ok()?;
        (metadata.is_file() && metadata.len() == accepted.length).then_some(accepted)
    }
}

fn path(feeds: &Path) -> PathBuf {
    feeds.join(FOLDER).join("state.json")
}
