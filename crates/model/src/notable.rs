//! Files that are worth a word in an image whatever they hold: by their name, their mode or, of accounts, one fact.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// One such file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotableFile {
    /// As [`crate::path::display`] writes it.
    pub path: String,
    /// The layer it is in; `None` outside of layers.
    #[serde(default)]
    pub layer: Option<Digest>,
    /// Why it is worth a word.
    #[serde(flatten)]
    pub kind: Notable,
    /// The package of the distribution that owns it, asked of what runs with another's rights alone.
    #[serde(default)]
    pub owner: Option<String>,
    /// A later layer deletes or replaces it: it is still in the image for whoever reads the layer below.
    #[serde(default)]
    pub hidden: bool,
}

/// Why a file is worth a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notable {
    /// Runs as whoever owns it.
    SetUid,
    /// Runs with its group's rights.
    SetGid,
    /// Everybody may write it; of folders, without the bit that keeps others' files.
    WritableByAll,
    /// Programs keep credentials under this name.
    Credentials,
    /// A package manager's folder of what it fetched.
    PackageCache {
        /// Of what the layer holds of it.
        bytes: u64,
    },
    /// Of use where images are built, and nowhere else.
    Unneeded,
    /// The program `sudo`.
    Sudo,
    /// An account that anybody may log in to.
    NoPassword {
        /// Its name.
        account: String,
    },
    /// Accounts with one number.
    SharedUser {
        /// The number.
        id: u32,
        /// Their names, in the order of the file.
        accounts: Vec<String>,
    },
    /// Groups with one number.
    SharedGroup {
        /// The number.
        id: u32,
        /// Their names, in the order of the file.
        groups: Vec<String>,
    },
}

impl Notable {
    /// How many kinds there are.
    pub const KINDS: usize = 10;

    /// The number of its kind, from 0.
    pub fn number(&self) -> usize {
        match self {
            Self::SetUid => 0,
            Self::SetGid => 1,
            Self::WritableByAll => 2,
            Self::Credentials => 3,
            Self::PackageCache { .. } => 4,
            Self::Unneeded => 5,
            Self::Sudo => 6,
            Self::NoPassword { .. } => 7,
            Self::SharedUser { .. } => 8,
            Self::SharedGroup { .. } => 9,
        }
    }
}
