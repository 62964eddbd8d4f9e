//! Filters hide findings from view; the inventory and the gate never see them, and what they hid is counted.

use std::str::FromStr;

use anyhow::Context;
use globset::{Glob, GlobSet, GlobSetBuilder};
use model::finding::{Finding, FindingStatus, Owner};
use model::package::PackageType;
use model::secret::Secret;

use crate::args::scan::Filters;

/// A word of `--pkg-types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the distribution's package manager installs.
    Os,
    /// Everything else.
    Library,
    /// One type.
    Type(PackageType),
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "os" => Ok(Self::Os),
            "library" => Ok(Self::Library),
            word => word
                .parse()
                .map(Self::Type)
                .map_err(|_| format!("`{word}` is no package type; use os, library, or a purl type such as deb or npm")),
        }
    }
}

/// Reads a word of `--ignore-status`.
pub fn parse_status(text: &str) -> Result<FindingStatus, String> {
    FindingStatus::ALL.into_iter().find(|status| status.name() == text).ok_or_else(|| {
        let names: Vec<&str> = FindingStatus::ALL.iter().map(|status| status.name()).collect();
        format!("`{text}` is no status; use one of {}", names.join(", "))
    })
}

/// The filters, ready to use.
pub struct Filter<'a> {
    filters: &'a Filters,
    folders: GlobSet,
    files: GlobSet,
}

impl<'a> Filter<'a> {
    /// Compiles the globs.
    pub fn new(filters: &'a Filters) -> anyhow::Result<Self> {
        Ok(Self { filters, folders: globs(&filters.skip_dirs, "/**")?, files: globs(&filters.skip_files, "")? })
    }

    /// Splits findings into what is shown and how many are hidden.
    pub fn apply(&self, findings: &[Finding]) -> (Vec<Finding>, usize) {
        let shown: Vec<Finding> = findings.iter().filter(|finding| self.shows(finding)).cloned().collect();
        let hidden = findings.len() - shown.len();
        (shown, hidden)
    }

    /// The same for secrets, of which severities and places are all that a filter can speak of.
    pub fn apply_to_secrets(&self, secrets: &[Secret]) -> (Vec<Secret>, usize) {
        let severities = &self.filters.severity;
        let shows = |secret: &&Secret| {
            (severities.is_empty() || severities.contains(&secret.severity))
                && (secret.locations.is_empty() || !secret.locations.iter().all(|place| self.skips(&place.path)))
        };
        let shown: Vec<Secret> = secrets.iter().filter(shows).cloned().collect();
        let hidden = secrets.len() - shown.len();
        (shown, hidden)
    }

    fn skips(&self, path: &str) -> bool {
        // A jar inside a jar lies where the outer one lies.
        let path = path.split('!').next().unwrap_or(path);
        self.folders.is_match(path) || self.files.is_match(path)
    }

    fn shows(&self, finding: &Finding) -> bool {
        let filters = self.filters;
        let kind = |kind: &Kind| match kind {
            Kind::Os => finding.package_type.is_os(),
            Kind::Library => !finding.package_type.is_os(),
            Kind::Type(package_type) => finding.package_type == *package_type,
        };
        (filters.severity.is_empty() || filters.severity.contains(&finding.severity))
            && !(filters.ignore_unfixed && finding.status != FindingStatus::Fixed)
            && !filters.ignore_status.contains(&finding.status)
            && (filters.pkg_types.is_empty() || filters.pkg_types.iter().any(kind))
            && !(filters.exclude_base && finding.owner == Owner::Base)
            && (finding.evidence.is_empty() || !finding.evidence.iter().all(|evidence| self.skips(&evidence.path)))
    }
}

/// Globs over paths as reports write them: absolute; a pattern without a leading slash holds at any depth.
/// A pattern that does not start at the root fits anywhere; `below` is what follows each.
fn globs(patterns: &[String], below: &str) -> anyhow::Result<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let anywhere = if pattern.starts_with('/') || pattern.starts_with("**") { "" } else { "**/" };
        let trimmed = if below.is_empty() { pattern } else { pattern.trim_end_matches('/') };
        let glob = Glob::new(&format!("{anywhere}{trimmed}{below}"));
        builder.add(glob.with_context(|| format!("`{pattern}` is no glob; see --help for an example"))?);
    }
    builder.build().context("the globs together are too large")
}
