//! The inventory of a whole target: what the fold over its layers leaves standing.

use std::collections::BTreeMap;

use crate::distro::Distro;
use crate::notable::NotableFile;
use crate::package::Package;
use crate::secret::Secret;

/// What is in an image, a root file system, a folder of source or an SBOM.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The distribution, where `os-release` or its relatives say.
    pub distro: Option<Distro>,
    /// Packages, sorted by kind, name, version and first location; one per (kind, name, version, purl).
    pub packages: Vec<Package>,
    /// Which package of the distribution owns a file, for the files that were asked for.
    pub owners: BTreeMap<String, String>,
    /// Texts of licences, sorted by path; empty where nobody asked for them.
    pub notices: Vec<Notice>,
    /// Secrets, worst first, then by rule and place; `None` where they were not looked for.
    pub secrets: Option<Vec<Secret>>,
    /// Files that are worth a word whatever they hold, lowest layer first, then by path.
    pub notable: Vec<NotableFile>,
    /// How many of those there are more than a layer may name.
    pub notable_left_out: usize,
    /// What could not be looked at and why, sorted; each becomes a warning of the report.
    pub problems: Vec<String>,
    /// Parts that were not read at all (a foreign or encrypted layer, a limit reached), sorted: no verdict that needs the
    /// whole may be given. Each also stands in `problems`.
    pub unread: Vec<String>,
}

/// A file that must be handed on with packages: the text of a licence, or a notice that goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file, as [`crate::path::display`] writes it.
    pub path: String,
    /// Purls of the packages that it lies beside, sorted.
    pub packages: Vec<String>,
    /// Lines that say whose the copyright is.
    pub copyrights: Vec<String>,
    /// The text.
    pub text: String,
}

impl Inventory {
    /// Says so where there is nothing to judge and something should be: an empty list of findings would read as clean.
    /// For an inventory that is whole.
    pub fn note_missing_packages(&mut self) {
        let of_distro = self.packages.iter().any(|package| package.kind.is_os());
        let missing = match &self.distro {
            // Not unheard of in images that were made small, or made to pass a scanner.
            Some(distro) if !of_distro => format!(
                "no package of {} was found: its package database is missing or could not be read",
                if distro.pretty_name.is_empty() { &distro.id } else { &distro.pretty_name }
            ),
            None if self.packages.is_empty() => "no package was found, so there is nothing to judge".to_owned(),
            _ => return,
        };
        for list in [&mut self.problems, &mut self.unread] {
            list.push(missing.clone());
            list.sort();
            list.dedup();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::PackageType;

    #[test]
    fn missing_packages() {
        let debian = || Distro::from_os_release("ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian 12\"");
        let deb = || Package::new(PackageType::Deb, "bash", "5.2", "os/dpkg");
        let npm = || Package::new(PackageType::Npm, "a", "1.0.0", "language/javascript");
        let of_debian = "no package of Debian 12 was found: its package database is missing or could not be read";
        for (distro, packages, expected) in [
            (debian(), vec![deb()], None),
            (debian(), vec![npm()], Some(of_debian)),
            (debian(), Vec::new(), Some(of_debian)),
            (None, vec![npm()], None),
            (None, Vec::new(), Some("no package was found, so there is nothing to judge")),
        ] {
            let mut inventory = Inventory { distro, packages, ..Inventory::default() };
            inventory.note_missing_packages();
            inventory.note_missing_packages();
            assert_eq!(inventory.unread.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(expected));
            assert_eq!(inventory.problems, inventory.unread);
        }
    }
}
