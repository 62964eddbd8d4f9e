//! A finding: one vulnerability (or another fact worth acting on) in one package, with all of its evidence.

use jiff::Timestamp;
use serde::Deserialize;

use crate::advisory::{Epss, Kev, Ssvc};
use crate::digest::Digest;
use crate::package::PackageType;
use crate::severity::{Cvss, Severity};
use crate::suppression::Suppression;

/// What sort of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A weakness.
    Vulnerability,
    /// The package itself is the attack.
    Malicious,
    /// The release of a distribution or run-time gets no more fixes.
    EndOfLife,
    /// Nobody maintains the package.
    Unmaintained,
}

impl FindingKind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Malicious => "malicious",
            Self::EndOfLife => "end_of_life",
            Self::Unmaintained => "unmaintained",
        }
    }
}

/// What can be done about it, by the word of whoever ships the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// A fixed version is available.
    Fixed,
    /// Affected, no fix known.
    Affected,
    /// The vendor will not fix it.
    WontFix,
    /// The release is past its end of life.
    EndOfLife,
    /// The vendor is still looking.
    UnderInvestigation,
}

impl FindingStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Fixed, Self::Affected, Self::WontFix, Self::EndOfLife, Self::UnderInvestigation];

    /// The word in reports and in `--ignore-status`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Affected => "affected",
            Self::WontFix => "wont_fix",
            Self::EndOfLife => "end_of_life",
            Self::UnderInvestigation => "under_investigation",
        }
    }

    /// What stands in the place of a fixed version, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fixed => "a fix exists",
            Self::Affected => "no fix yet",
            Self::WontFix => "won't fix",
            Self::EndOfLife => "end of life",
            Self::UnderInvestigation => "in question",
        }
    }
}

/// Whose job it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Whoever ships the base image.
    Base,
    /// Whoever writes the application.
    App,
    /// Whoever runs the platform.
    Platform,
    /// Not known.
    #[default]
    Unknown,
}

impl Owner {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::App => "app",
            Self::Platform => "platform",
            Self::Unknown => "unknown",
        }
    }

    /// Whose job it is, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Base => "of the base image",
            Self::App => "of the application",
            Self::Platform => "of the platform",
            Self::Unknown => "of nobody known",
        }
    }
}

/// Why a finding stands: where the package was seen and which range of which feed it fell in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// As in [`crate::package::Location::path`].
    pub path: String,
    /// Diff id of the layer.
    pub layer: Option<Digest>,
    /// Extractor that found the package.
    pub extractor: String,
    /// The matched range in words of the scheme: `openssl < 3.0.14-1~deb12u1 (debian, DSA-5734-1)`.
    pub range: String,
}

/// Known facts about exploitation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exploited {
    /// CISA's catalogue.
    pub kev: Option<Kev>,
    /// Strongest public exploit code: `metasploit`, `exploitdb`, `poc`.
    pub exploit_code: Option<String>,
}

/// One finding. Sorted and unique by (`id`, `purl`).
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The CVE where there is one, else the feed's id.
    pub id: String,
    /// All other ids, errata included, sorted.
    pub aliases: Vec<String>,
    /// What sort of fact.
    pub kind: FindingKind,
    /// One line of what it is; empty where no feed has one.
    pub title: String,
    /// Where to read more.
    pub url: String,
    /// When the vulnerability was published.
    pub published: Option<Timestamp>,
    /// The package's purl.
    pub purl: String,
    /// The package's name.
    pub package: String,
    /// The package's type.
    pub package_type: PackageType,
    /// The installed version.
    pub version: String,
    /// What can be done.
    pub status: FindingStatus,
    /// Versions that fix it, in ascending order; empty where there is none.
    pub fixed_in: Vec<String>,
    /// When a fix became available.
    pub fix_available_since: Option<Timestamp>,
    /// The chosen severity.
    pub severity: Severity,
    /// Whose word it is; empty for `unknown`.
    pub severity_source: String,
    /// All known vectors.
    pub cvss: Vec<Cvss>,
    /// `CWE-79`, ….
    pub cwes: Vec<String>,
    /// Known exploitation and exploit code; `None` where the database holds no such feed.
    pub exploited: Option<Exploited>,
    /// Exploit prediction.
    pub epss: Option<Epss>,
    /// CISA's decision points; `None` where it has none.
    pub ssvc: Option<Ssvc>,
    /// Seen in use at run-time; `None` where nobody looked.
    pub in_use: Option<bool>,
    /// 0 to 100; `None` until ranked.
    pub risk: Option<f64>,
    /// The terms that made the risk.
    pub why: Vec<String>,
    /// Whose job it is.
    pub owner: Owner,
    /// Why it is set aside, where it is.
    pub suppressed: Option<Suppression>,
    /// What travels with the image and says that it need not count: a claim of whoever could push the image, which sets
    /// nothing aside. `None` where nothing travels with it or nobody looked.
    pub claimed: Option<Vec<Suppression>>,
    /// Where and why.
    pub evidence: Vec<Evidence>,
    /// Feeds that say so, sorted.
    pub sources: Vec<String>,
}

impl Finding {
    /// A finding of which nothing is known yet but what sort it is.
    pub fn new(id: impl Into<String>, kind: FindingKind, package_type: PackageType) -> Self {
        Self {
            id: id.into(),
            aliases: Vec::new(),
            kind,
            title: String::new(),
            url: String::new(),
            published: None,
            purl: String::new(),
            package: String::new(),
            package_type,
            version: String::new(),
            status: FindingStatus::Affected,
            fixed_in: Vec::new(),
            fix_available_since: None,
            severity: Severity::Unknown,
            severity_source: String::new(),
            cvss: Vec::new(),
            cwes: Vec::new(),
            exploited: None,
            epss: None,
            ssvc: None,
            in_use: None,
            risk: None,
            why: Vec::new(),
            owner: Owner::Unknown,
            suppressed: None,
            claimed: None,
            evidence: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Whether CISA lists it as known to be exploited.
    pub fn is_known_exploited(&self) -> bool {
        self.exploited.as_ref().is_some_and(|exploited| exploited.kev.is_some())
    }

    /// Known exploited, weaponised exploit code, or EPSS of 0.1 and more.
    pub fn is_likely_exploited(&self) -> bool {
        self.is_known_exploited()
            || self.exploited.as_ref().and_then(|exploited| exploited.exploit_code.as_deref()) == Some("metasploit")
            || self.epss.as_ref().is_some_and(|epss| epss.score >= 0.1)
    }
}
