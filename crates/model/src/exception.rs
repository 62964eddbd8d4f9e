//! An exception: somebody's decision to live with a finding for a while, whatever file it was written in.

use jiff::civil::Date;

use crate::finding::FindingStatus;
use crate::suppression::SuppressionKind;

/// One exception. Every condition that is given must hold; what is empty or `None` says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Our own, or one that another tool reads.
    pub kind: SuppressionKind,
    /// The file it stands in.
    pub source: String,
    /// The line it begins at, from 1.
    pub line: Option<u32>,
    /// Id or alias of the vulnerability; `None` where the rule names a package alone.
    pub id: Option<String>,
    /// Id of the rule that knows the secret, where it is about one; it then holds for no finding.
    pub secret: Option<String>,
    /// The package.
    pub package: PackageRule,
    /// Globs over the path of the finding's evidence, any of them.
    pub paths: Vec<String>,
    /// Glob over the image's name; `None`: every image.
    pub image: Option<String>,
    /// What can be done about the finding.
    pub status: Option<FindingStatus>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub author: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// OpenVEX's word for why the product is not affected, where that is the reason.
    pub justification: String,
}

/// Which packages an exception is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageRule {
    /// Exact name.
    pub name: Option<String>,
    /// Purls at any level of detail, any of them.
    pub purls: Vec<String>,
    /// Exact version.
    pub version: Option<String>,
    /// Purl type.
    pub package_type: Option<String>,
}

impl PackageRule {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Exception {
    /// An exception of this file that asks for nothing yet.
    pub fn new(kind: SuppressionKind, source: &str, line: Option<u32>) -> Self {
        Self {
            kind,
            source: source.to_owned(),
            line,
            id: None,
            secret: None,
            package: PackageRule::default(),
            paths: Vec::new(),
            image: None,
            status: None,
            reason: String::new(),
            author: String::new(),
            expires: None,
            justification: String::new(),
        }
    }

    /// What it is about, for messages: the id, else the package.
    pub fn subject(&self) -> &str {
        let package = || self.package.name.as_deref().or_else(|| self.package.purls.first().map(String::as_str));
        self.id.as_deref().or(self.secret.as_deref()).or_else(package).unwrap_or("its packages")
    }

    /// Where it stands, for messages.
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.source.clone(), |line| format!("{} line {line}", self.source))
    }
}
