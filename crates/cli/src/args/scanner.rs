//! What `scan` can look for.

use clap::ValueEnum;

/// What `scan` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scanner {
    /// Known vulnerabilities
    Vuln,
    /// Tokens, keys and passwords, in every layer, in settings and in the history
    Secret,
    /// Misconfigurations of the image itself: its configuration, its history, files that no image should hold
    Misconfig,
    /// Licences, and their texts where nothing is declared
    License,
}

impl Scanner {
    /// Whether it was asked for: by name, or as what is `usual` where nothing is named.
    pub fn is_wanted(self, only: &[Self], usual: bool) -> bool {
        if only.is_empty() { usual } else { only.contains(&self) }
    }
}
