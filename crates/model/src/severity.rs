//! How bad an advisory says a vulnerability is, and who says so.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Ordered from harmless to worst; `Unknown` is the lowest only so that sorting puts rated findings first, it never
/// means harmless.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nobody rated it.
    #[default]
    Unknown,
    /// The vendor sees no practical impact (Debian's `unimportant`, Ubuntu's `negligible`, a CVSS score of 0).
    Negligible,
    /// Low.
    Low,
    /// Medium; Red Hat's and Microsoft's `moderate`.
    Medium,
    /// High; Red Hat's `important`.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All levels, worst first.
    pub const ALL: [Self; 6] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Negligible, Self::Unknown];

    /// The qualitative rating of a CVSS v3 or v4 base score (CVSS v3.1 specification, section 5; v4.0, section 6).
    pub fn from_score(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            score if score > 0.0 => Self::Low,
            0.0 => Self::Negligible,
            _ => Self::Unknown,
        }
    }

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Negligible => "negligible",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Reads any vendor's word for a level (`Important`, `MODERATE`, `unimportant`, …); unknown words are `None`.
    pub fn from_vendor_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" | "important" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" => Self::Low,
            "negligible" | "unimportant" | "none" => Self::Negligible,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a severity; use critical, high, medium, low, negligible or unknown")]
pub struct SeverityError(pub String);

impl FromStr for Severity {
    type Err = SeverityError;

    fn from_str(text: &str) -> Result<Self, SeverityError> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(text)).ok_or_else(|| SeverityError(text.to_owned()))
    }
}

/// One CVSS vector with the score that its own version of the standard gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cvss {
    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub version: String,
    /// The vector string as published.
    pub vector: String,
    /// Base score, 0.0 to 10.0.
    pub score: f64,
    /// Who scored it: a feed or authority name, as in [`Rating::source`].
    pub source: String,
}

/// One party's rating of one vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// `debian`, `redhat`, `ghsa`, `cna`, `cisa`, `nvd`, …
    pub source: String,
    /// The party's own word, where it uses words.
    pub level: Option<Severity>,
    /// The party's CVSS vector, where it gives one.
    pub cvss: Option<Cvss>,
}

impl Rating {
    /// The level this rating amounts to: the word first, else the score's.
    pub fn severity(&self) -> Option<Severity> {
        self.level.or_else(|| self.cvss.as_ref().map(|cvss| Severity::from_score(cvss.score)))
    }
}
