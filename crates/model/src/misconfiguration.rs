//! A misconfiguration: a place in a file that builds, describes or runs an image, and what to write there instead.

use serde::{Deserialize, Serialize};

use crate::severity::Severity;

/// One place where one rule speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misconfiguration {
    /// Our id, `PLM-D001`.
    pub id: String,
    /// What others call the same rule.
    pub aliases: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub target: String,
    /// From 1; `None` where it is about the whole.
    pub line: Option<usize>,
    /// That line, as it is written.
    pub instruction: Option<String>,
    /// What is wrong.
    pub title: String,
    /// What it is about there: a package, an image; empty where the title alone tells it.
    pub about: String,
    /// The object that it is part of, where a file holds several; `about` begins with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    /// Why it matters.
    pub why: String,
    /// What to write instead.
    pub fix: String,
    /// Where to read more.
    pub link: String,
}
