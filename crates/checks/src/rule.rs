//! What a rule is.

use model::severity::Severity;

use crate::dockerfile::Dockerfile;

/// One rule over one kind of document.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Our id, `PLM-D001`; never given away again.
    pub id: &'static str,
    /// What others call the same: hadolint's `DL…`, Trivy's `DS-…`, the CIS Docker Benchmark's `CIS-DI-…`.
    pub aliases: &'static [&'static str],
    /// How bad it is.
    pub severity: Severity,
    /// One line of what is wrong.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to write instead.
    pub fix: &'static str,
    /// Where to read more.
    pub link: &'static str,
    /// Finds the places.
    pub check: fn(&Dockerfile<'_>) -> Vec<Hit>,
    /// A document in which it speaks, once.
    pub bad: &'static str,
    /// The same as it should be.
    pub good: &'static str,
}

/// A place where a rule speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// From 1.
    pub line: usize,
    /// What it is about there (a package, an image), where the title alone does not tell; else empty.
    pub about: String,
}

impl Hit {
    /// The title tells all.
    pub fn at(line: usize) -> Self {
        Self { line, about: String::new() }
    }

    /// With what it is about.
    pub fn about(line: usize, about: impl Into<String>) -> Self {
        Self { line, about: about.into() }
    }
}
