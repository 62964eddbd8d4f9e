//! What every extractor of this family does at its end: put packages of one kind into what was found, within bounds.

use model::package::{Package, PackageType};

use crate::extractor::Found;

/// Packages that one file may list; the largest honest lock files hold some ten thousand.
const MAX_PACKAGES: usize = 200_000;

/// Bytes of a name or a version; registries stop at 214 (npm) and below.
const MAX_TEXT: usize = 1024;

/// Adds packages of one kind to what was found in one file.
pub(super) struct Listing<'a> {
    found: &'a mut Found,
    kind: PackageType,
    extractor: &'static str,
    first: usize,
    refused: usize,
    dropped: usize,
}

impl<'a> Listing<'a> {
    pub(super) fn new(found: &'a mut Found, kind: PackageType, extractor: &'static str) -> Self {
        let first = found.packages.len();
        Self { found, kind, extractor, first, refused: 0, dropped: 0 }
    }

    /// Adds a package and hands it back for its further fields. `None`, and a problem at the end, where the name or
    /// version cannot be one: no name at all, control characters, or longer than any registry takes.
    pub(super) fn add(&mut self, name: impl Into<String>, version: impl Into<String>) -> Option<&mut Package> {
        let (name, version) = (name.into(), version.into());
        let sound = |text: &str| text.len() <= MAX_TEXT && !text.chars().any(char::is_control);
        if name.is_empty() || !sound(&name) || !sound(&version) {
            self.refused += 1;
            return None;
        }
        if self.found.packages.len() - self.first >= MAX_PACKAGES {
            self.dropped += 1;
            return None;
        }
        self.found.packages.push(Package::new(self.kind, name, version, self.extractor));
        self.found.packages.last_mut()
    }

    /// See [`Found::lost`].
    pub(super) fn lost(&mut self, problem: impl Into<String>) {
        self.found.lost(problem);
    }
}

impl Drop for Listing<'_> {
    fn drop(&mut self) {
        if self.refused > 0 {
            self.found.lost(format!("{} entries have no usable name or version and were left out", self.refused));
        }
        if self.dropped > 0 {
            self.found.lost(format!("more than {MAX_PACKAGES} packages in one file; {} were left out", self.dropped));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_and_says_so() {
        let mut found = Found::default();
        {
            let mut list = Listing::new(&mut found, PackageType::Npm, "language/test");
            assert!(list.add("a", "1").is_some());
            assert!(list.add("", "1").is_none());
            assert!(list.add("a\u{1b}[31m", "1").is_none());
            assert!(list.add("a", "1".repeat(MAX_TEXT + 1)).is_none());
        }
        assert_eq!(found.packages.len(), 1);
        assert_eq!(found.problems, ["3 entries have no usable name or version and were left out"]);
    }

    #[test]
    fn stops_at_the_bound() {
        let mut found = Found::default();
        let mut list = Listing::new(&mut found, PackageType::Npm, "language/test");
        for _ in 0..MAX_PACKAGES + 2 {
            list.add("a", "1");
        }
        drop(list);
        assert_eq!(found.packages.len(), MAX_PACKAGES);
        assert_eq!(found.problems, ["more than 200000 packages in one file; 2 were left out"]);
    }
}
