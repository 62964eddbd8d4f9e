//! What was seen of a host that runs containers: one row for each control of a benchmark, and never a pass for what nobody saw.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::report::Decision;
use crate::severity::Severity;

/// How one control came out; ordered from what must be mended to what is of no concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostOutcome {
    /// It is not as it should be.
    Fail,
    /// What it needs could not be seen.
    Undetermined,
    /// No program can tell: a person has to look.
    Manual,
    /// It is as it should be.
    Pass,
    /// There is nothing here that it speaks of.
    NotApplicable,
}

impl HostOutcome {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Undetermined, Self::Manual, Self::Pass, Self::NotApplicable];

    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Undetermined => "undetermined",
            Self::Manual => "manual",
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fail => "failed",
            Self::Undetermined => "could not be told",
            Self::Manual => "for a person to judge",
            Self::Pass => "passed",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// One control and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Our id, `PLM-H001`.
    pub id: String,
    /// Its number in the benchmark, `2.1`.
    pub number: String,
    /// What its part of the benchmark is about.
    pub section: String,
    /// What others call the same.
    pub aliases: Vec<String>,
    /// What it asks for.
    pub title: String,
    /// How bad it is where it fails.
    pub severity: Severity,
    /// How it came out.
    pub outcome: HostOutcome,
    /// What was seen, in one sentence.
    pub evidence: String,
    /// The containers, images and files that it is about.
    pub items: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Where to read more.
    pub link: String,
}

impl Control {
    /// Its part of the benchmark, as in `5 Containers`.
    pub fn heading(&self) -> String {
        format!("{} {}", self.number.split('.').next().unwrap_or_default(), self.section)
    }
}

/// A host, control by control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostReport {
    /// Version of this program.
    pub tool_version: String,
    /// When the facts were judged.
    pub created: Timestamp,
    /// The benchmark, with its version.
    pub benchmark: String,
    /// The engine in a few words; `None` where none could be asked.
    pub engine: Option<String>,
    /// The controls, in the benchmark's order.
    pub controls: Vec<Control>,
    /// Controls that were not judged because the user said so.
    pub skipped: usize,
    /// What could not be seen, and why.
    pub warnings: Vec<String>,
    /// What a gate decided.
    pub decision: Option<Decision>,
}
