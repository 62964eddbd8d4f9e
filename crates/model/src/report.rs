//! The report: everything one scan has to say, before it takes any format. The formats stand in the crate `report`.

use jiff::Timestamp;
use serde::Deserialize;

use crate::coverage::Coverage;
use crate::digest::Digest;
use crate::distro::Distro;
use crate::finding::Finding;
use crate::image::ImageInfo;
use crate::inventory::Notice;
use crate::license::LicenseVerdict;
use crate::misconfiguration::Misconfiguration;
use crate::package::Package;
use crate::pod_security::PodSecurity;
use crate::secret::Secret;

/// One scan of one image of one platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Version of the program.
    pub tool_version: String,
    /// When the scan ran (or `SOURCE_DATE_EPOCH`).
    pub created: Timestamp,
    /// The image.
    pub image: ImageInfo,
    /// Its distribution.
    pub distro: Option<Distro>,
    /// When the distribution's support ended or ends, `YYYY-MM-DD`; `None` where the table does not know it.
    pub distro_eol: Option<String>,
    /// The advisory database.
    pub database: DatabaseInfo,
    /// What could be judged, sorted by type and release.
    pub coverage: Vec<Coverage>,
    /// All packages with their purls, sorted by purl.
    pub packages: Vec<(String, Package)>,
    /// Findings in order of work; filtered ones are gone from here and counted in `hidden_by_filters`. `None`: not looked
    /// for (an inventory alone).
    pub findings: Option<Vec<Finding>>,
    /// Misconfigurations, sorted by file, line and id. `None`: not looked for.
    pub misconfigurations: Option<Vec<Misconfiguration>>,
    /// Which Pod Security Standard each workload meets, by file and line.
    pub pod_security: Vec<PodSecurity>,
    /// Licences with the packages under each, sorted by expression and verdict. `None`: not looked at.
    pub licenses: Option<Vec<LicenseVerdict>>,
    /// Texts of licences and notices beside packages, sorted by path. `None`: not looked for; no stored report holds them.
    pub notices: Option<Vec<Notice>>,
    /// [`crate::inventory::Inventory::secrets`].
    pub secrets: Option<Vec<Secret>>,
    /// How many findings the filters of the command line hid.
    pub hidden_by_filters: usize,
    /// What was not looked at, and why, sorted.
    pub warnings: Vec<String>,
    /// [`crate::inventory::Inventory::unread`].
    pub unread: Vec<String>,
    /// The decision, where a gate was asked for.
    pub decision: Option<Decision>,
}

impl Report {
    /// Groups the packages by their licences.
    pub fn look_at_licenses(&mut self) {
        let packages = self.packages.iter().map(|(purl, package)| (purl.as_str(), package.licenses.as_slice()));
        self.licenses = Some(LicenseVerdict::group(packages));
    }
}

/// The database a scan judged by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseInfo {
    /// `full`, `embedded` or `none`.
    pub kind: String,
    /// When it was built (the newest date among its feeds, so that equal feeds give equal bytes).
    pub built: Option<Timestamp>,
    /// Checksum of its content.
    pub sha256: Option<Digest>,
    /// Feeds in it, sorted by name.
    pub feeds: Vec<FeedInfo>,
}

/// One feed in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedInfo {
    /// Name of the feed (`debian-dsa`, `osv-pypi`).
    pub name: String,
    /// The date its data is of, `YYYY-MM-DD`.
    pub as_of: String,
    /// How many records were read.
    pub records: u64,
}

/// What a gate decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Allow, warn or deny.
    pub outcome: Outcome,
    /// What was asked: the policy file, or the `--fail-on` terms.
    pub policy: String,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What a policy was asked and what it decided upon; `None` for `--fail-on`.
    pub inputs: Option<Inputs>,
}

/// Everything that a policy's decision rests on, so that it can be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Digest of the policy file; `None` where it could not be read.
    pub policy: Option<Digest>,
    /// Checksum of the database.
    pub database: Option<Digest>,
    /// Digest of the image's manifest.
    pub image: Option<Digest>,
    /// Digest of the stored report; `None` where the image was scanned for this decision.
    pub report: Option<Digest>,
    /// When the stored report was written.
    pub report_created: Option<Timestamp>,
    /// `build`, `push`, `pull`, `admit` or `run`.
    pub gate: String,
    /// Where the image is to run, where that was said.
    pub environment: Option<String>,
}

/// The three answers of a gate, ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Passed.
    Allow,
    /// Passed with something to say.
    Warn,
    /// Refused.
    Deny,
}

impl Outcome {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// One reason of a decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The rule or term that speaks.
    pub rule: String,
    /// What it says.
    pub message: String,
    /// What it speaks of: a finding, a package, the image.
    pub subject: String,
    /// What it asks for.
    pub outcome: Outcome,
    /// Where to read more.
    pub link: Option<String>,
}
