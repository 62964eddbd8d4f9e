//! The inventory of a whole target: what the fold over its layers leaves standing.

use crate::distro::Distro;
use crate::package::Package;

/// What is in an image, a root file system, a folder of source or an SBOM.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The distribution, where `os-release` or its relatives say.
    pub distro: Option<Distro>,
    /// Packages, sorted by kind, name, version and first location; one per (kind, name, version, purl).
    pub packages: Vec<Package>,
    /// What could not be looked at and why, sorted; each becomes a warning of the report.
    pub problems: Vec<String>,
    /// Parts that were not read at all (a foreign or encrypted layer, a limit reached), sorted: no verdict that needs the
    /// whole may be given. Each also stands in `problems`.
    pub unread: Vec<String>,
}
