//! VEX: what a supplier says of a vulnerability in its own product (<https://www.cisa.gov/sbom>, "minimum requirements
//! for VEX"), whatever format it came in.

use jiff::Timestamp;
use serde::Deserialize;

/// The four states that every VEX format knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VexStatus {
    /// The product does not have the weakness, or it cannot be reached there.
    NotAffected,
    /// It has; `statement` says what to do.
    Affected,
    /// These versions have the fix.
    Fixed,
    /// Not known yet.
    UnderInvestigation,
}

impl VexStatus {
    /// Whether a finding that this is said of may be set aside.
    pub fn suppresses(self) -> bool {
        matches!(self, Self::NotAffected | Self::Fixed)
    }

    /// The word in OpenVEX.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }

    /// Reads OpenVEX's word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::NotAffected, Self::Affected, Self::Fixed, Self::UnderInvestigation]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A product, and the parts of it that a statement is limited to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct VexProduct {
    /// A purl as a rule, without a version where every version is meant.
    pub id: String,
    /// Purls of the components inside the product; empty means the product as a whole.
    pub subcomponents: Vec<String>,
}

/// One statement: this vulnerability, in these products, has this status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexStatement {
    /// Id of the statement, else of its document; empty where neither has one, and where it was read from a database.
    pub id: String,
    /// `CVE-…` or another id.
    pub vulnerability: String,
    /// Other ids of the same vulnerability.
    pub aliases: Vec<String>,
    /// What the statement is about.
    pub products: Vec<VexProduct>,
    /// What it says.
    pub status: VexStatus,
    /// Machine-readable reason of `NotAffected` (`vulnerable_code_not_in_execute_path`); empty where there is none.
    pub justification: String,
    /// The reason or the action in words; empty where there is none.
    pub statement: String,
    /// Who says so.
    pub author: String,
    /// When; later statements override earlier ones.
    pub timestamp: Option<Timestamp>,
}

/// The statements of one document, or of all that one feed says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexDocument {
    /// The file, or the feed.
    pub source: String,
    /// How far it is believed.
    pub reach: VexReach,
    /// Whether this very document was named for the scan, so that whoever named it expects it to be used.
    pub expected: bool,
    /// What it says.
    pub statements: Vec<VexStatement>,
}

/// How far a document is believed, by how it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VexReach {
    /// A vendor's feed: believed about images that the vendor names beyond doubt, by digest or by registry and repository.
    /// What it says of other people's packages it says of them in its own images.
    VendorImages,
    /// Whoever runs the scan chose it: believed about everything it names.
    Everything,
}
