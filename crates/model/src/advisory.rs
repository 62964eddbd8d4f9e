//! What a feed says: one vulnerability, the packages it touches and in which versions, or that it does not touch them.
//!
//! Every feed parser yields these; the database stores them; the matcher reads them back.

use std::fmt;

use jiff::Timestamp;

use crate::package::PackageType;
use crate::severity::Rating;

/// What sort of statement an advisory makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdvisoryKind {
    /// A weakness in a package.
    #[default]
    Vulnerability,
    /// The package itself is the attack.
    Malicious,
    /// Nobody maintains the package any more.
    Unmaintained,
    /// Worth knowing and no weakness by itself (RustSec's `unsound` and `notice`): never a finding of its own.
    Notice,
}

/// One advisory about one vulnerability. Errata that fix several vulnerabilities (DSA, ALSA, USN) become one advisory
/// per vulnerability, each naming the erratum in `errata`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advisory {
    /// The feed's own id of this vulnerability: `CVE-…`, `GHSA-…`, `RUSTSEC-…`; the erratum's id where it names no CVE.
    pub id: String,
    /// Other ids of *the same* vulnerability; used to fold findings, so an erratum that covers several is not one.
    pub aliases: Vec<String>,
    /// Ids of the errata that speak of it (`DSA-5678-1`): listed with the finding, never used to fold.
    pub errata: Vec<String>,
    /// What sort of statement.
    pub kind: AdvisoryKind,
    /// One line of what it is; empty where the feed has none.
    pub title: String,
    /// The feed's page about it.
    pub url: String,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// When it was withdrawn; such advisories do not match, but `--explain` can say why.
    pub withdrawn: Option<Timestamp>,
    /// Ratings this feed carries.
    pub ratings: Vec<Rating>,
    /// `CWE-79`, ….
    pub cwes: Vec<String>,
    /// The packages it speaks of.
    pub affected: Vec<Affected>,
}

/// Which release line of which distribution or ecosystem an entry is about; also the first part of a database key.
///
/// Written `debian:12`, `alpine:3.20`, `almalinux:9`, `azurelinux:3.0` for distributions (see
/// [`crate::distro::Distro::namespace`]), and as the purl type (`pypi`, `npm`, `golang`, `bitnami`) for ecosystems.
/// A channel that an installed package opts in to follows after `+` (`ubuntu:18.04+esm`).
pub type Namespace = String;

/// What an entry says of a range of versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Versions in the range are vulnerable (with or without a fixed version).
    #[default]
    Affected,
    /// The vendor says that this package is not affected at all: a negative fact that ends the judgement.
    NotAffected,
    /// Vulnerable, and the vendor will not fix it (Debian `no-dsa`/`ignored`, Red Hat `Will not fix`).
    WontFix,
    /// The release or package is past its end of life.
    EndOfLife,
    /// The vendor is still looking.
    UnderInvestigation,
    /// What the feed says of these versions could not be read: no word about the package, but a gap in what is known. The
    /// advisory's title says which.
    Unread,
}

/// One package that an advisory speaks of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affected {
    /// Release line or ecosystem.
    pub namespace: Namespace,
    /// How this entry's versions are ordered and which packages it can match.
    pub kind: Option<PackageType>,
    /// Package name, normalised as [`crate::package::Package::name`]; a source package's for Debian, Ubuntu and Alpine.
    pub name: String,
    /// RPM module and stream (`nodejs:18`); `None` for packages outside modules.
    pub module: Option<String>,
    /// Architectures this entry is limited to; empty means all.
    pub architectures: Vec<String>,
    /// What is said of the versions in `ranges` and `versions`.
    pub status: Status,
    /// Half-open intervals. Empty together with `versions` empty: every version, when `status` is not `NotAffected`.
    pub ranges: Vec<Range>,
    /// Versions named one by one, beside the ranges.
    pub versions: Vec<String>,
    /// When the fix became available.
    pub fixed_at: Option<Timestamp>,
    /// Go: vulnerable symbols as `import/path.Symbol`, `import/path` alone meaning the whole package; empty means all.
    pub symbols: Vec<String>,
}

/// One interval of versions: `introduced ≤ v`, `after < v`, and `v < fixed` or `v ≤ last_affected`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// First affected version; `None` (or `0`) from the beginning.
    pub introduced: Option<String>,
    /// Last version *before* the interval, as `> 1.0` says it: the lower bound where it is itself not affected. At most
    /// one of `introduced` and `after` is set as a rule; where both are, both hold.
    pub after: Option<String>,
    /// End of the interval.
    pub end: End,
}

impl Range {
    /// The first affected version, where the interval does not begin with the first version there ever was, which feeds
    /// write in several ways.
    pub fn first(&self) -> Option<&str> {
        self.introduced.as_deref().filter(|version| !matches!(*version, "" | "0" | "0.0.0-0"))
    }
}

impl fmt::Display for Range {
    /// `>= 1.0, < 1.4`, and `every version` where it has no bounds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.after.as_deref().map(|version| ("> ", version));
        let lower = after.or_else(|| self.first().map(|version| (">= ", version)));
        let upper = match &self.end {
            End::Open => None,
            End::Fixed(version) => Some(("< ", version.as_str())),
            End::LastAffected(version) => Some(("<= ", version.as_str())),
        };
        match (lower, upper) {
            (None, None) => f.write_str("every version"),
            (Some((sign, version)), None) | (None, Some((sign, version))) => write!(f, "{sign}{version}"),
            (Some((from, first)), Some((to, last))) => write!(f, "{from}{first}, {to}{last}"),
        }
    }
}

/// Where a [`Range`] ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// No fix is known.
    #[default]
    Open,
    /// First version that is not affected.
    Fixed(String),
    /// Last version that is affected; what fixes it is not known.
    LastAffected(String),
}

/// Facts about a CVE that come from outside the advisories and hold for every package it touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CveFacts {
    /// `CVE-…`.
    pub id: String,
    /// Title, where a source has one.
    pub title: String,
    /// Publication time.
    pub published: Option<Timestamp>,
    /// Ratings by the CVE's own authority (`cna`), CISA (`cisa`), NVD (`nvd`).
    pub ratings: Vec<Rating>,
    /// `CWE-79`, ….
    pub cwes: Vec<String>,
    /// Known exploited.
    pub kev: Option<Kev>,
    /// Exploit prediction.
    pub epss: Option<Epss>,
    /// Public exploit code: the strongest evidence known.
    pub exploit: Option<ExploitCode>,
    /// CISA's SSVC decision points.
    pub ssvc: Option<Ssvc>,
}

/// An entry of CISA's Known Exploited Vulnerabilities catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kev {
    /// `YYYY-MM-DD`.
    pub date_added: String,
    /// Known to be used in ransomware campaigns.
    pub ransomware: bool,
}

/// FIRST's Exploit Prediction Scoring System.
#[derive(Clone, Debug, PartialEq)]
pub struct Epss {
    /// Probability of exploitation within 30 days, 0 to 1.
    pub score: f64,
    /// Share of CVEs that score lower, 0 to 1.
    pub percentile: f64,
    /// `YYYY-MM-DD` of the score.
    pub date: String,
}

/// How usable public exploit code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExploitCode {
    /// `metasploit` (weaponised), `exploitdb`, `poc` (links alone: weak).
    pub level: String,
    /// How many independent places.
    pub count: u32,
}

/// Stakeholder-Specific Vulnerability Categorization, as CISA publishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ssvc {
    /// `none`, `poc` or `active`.
    pub exploitation: String,
    /// Whether exploitation can be automated.
    pub automatable: bool,
    /// `partial` or `total`.
    pub technical_impact: String,
}
