//! How our own SBOMs carry what CycloneDX and SPDX have no field for, so that one read back says exactly what the image
//! said: shared by the writer (`report`) and the reader (`indexer::sbom`).
//!
//! - Every component has a property named [`PACKAGE`] whose value is the compact JSON of its [`crate::package::Package`].
//! - The document (`metadata.properties` in CycloneDX, the document's own `annotations` in SPDX) has one named
//!   [`INVENTORY`] whose value is the compact JSON of an [`SbomInventory`].
//! - SPDX 2 has no properties: there it is an annotation of type `OTHER` whose comment is `NAME=VALUE`.
//!
//! Where these are present they win over everything that the document says beside them.

use serde::{Deserialize, Serialize};

use crate::distro::Distro;
use crate::image::ImageInfo;

/// Name of the property that holds a package.
pub const PACKAGE: &str = "plimsoll:package";
/// Name of the property that holds what the document is about.
pub const INVENTORY: &str = "plimsoll:inventory";

/// What an SBOM is about, beside its packages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SbomInventory {
    /// The distribution.
    pub distro: Option<Distro>,
    /// The image.
    pub image: Option<ImageInfo>,
    /// What was not looked at, and why.
    pub problems: Vec<String>,
    /// [`crate::inventory::Inventory::unread`]: a gate asks for it here, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}
