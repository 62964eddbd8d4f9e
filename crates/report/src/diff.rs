//! What one image brings and fixes against another: packages by (type, name), weaknesses by id or alias in a package of one
//! type and name, so that another path or an upgrade that does not help is no new weakness.

mod findings;
mod json;
mod known;
mod markdown;
mod packages;
mod secrets;
mod table;

pub use findings::{Change, Changed, Fixed, HowFixed};
pub use known::Known;
pub use packages::PackageChange;

use model::finding::Finding;
use model::report::{Decision, Report};
use model::secret::Secret;

use crate::{Format, RenderOptions, ReportError};

/// The difference between two reports.
#[derive(Debug)]
pub struct Diff<'a> {
    /// The earlier one.
    pub old: &'a Report,
    /// The later one.
    pub new: &'a Report,
    /// Packages that came, went or changed their version, sorted by type and name.
    pub packages: Vec<PackageChange<'a>>,
    /// Findings of the later one that the earlier did not have, in the order of work.
    pub brought: Vec<&'a Finding>,
    /// Findings of the earlier one that the later has no more, in the order of work.
    pub fixed: Vec<Fixed<'a>>,
    /// Findings of both that are not the same, in the order of work.
    pub changed: Vec<Changed<'a>>,
    /// How many findings of both are the same.
    pub same: usize,
    /// Secrets of the later one that the earlier did not have.
    pub brought_secrets: Vec<&'a Secret>,
    /// Secrets of the earlier one that the later has no more.
    pub fixed_secrets: Vec<&'a Secret>,
    /// What the reader must know of the comparison as a whole.
    pub warnings: Vec<String>,
    /// What a gate says of the new findings, where one was asked.
    pub decision: Option<&'a Decision>,
}

impl<'a> Diff<'a> {
    /// Compares two reports; what one of them set aside does not count in it.
    pub fn of(old: &'a Report, new: &'a Report) -> Self {
        let findings = findings::compare(old, new);
        Self {
            old,
            new,
            packages: packages::compare(old, new),
            brought: findings.brought,
            fixed: findings.fixed,
            changed: findings.changed,
            same: findings.same,
            brought_secrets: secrets::only_in(new, old),
            fixed_secrets: secrets::only_in(old, new),
            warnings: warnings(old, new),
            decision: None,
        }
    }

    /// Renders the difference as table, JSON or markdown.
    ///
    /// # Errors
    /// Where the format has no room for a difference.
    pub fn render(&self, format: &Format, options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
        match format {
            Format::Table => Ok(table::render(self, options)),
            Format::Json => json::render(self),
            Format::Markdown => Ok(markdown::render(self)),
            other => Err(ReportError::NoDifference { format: other.to_string() }),
        }
    }
}

/// Why a difference may not be one of the images.
fn warnings(old: &Report, new: &Report) -> Vec<String> {
    let mut warnings = Vec::new();
    if old.database != new.database {
        let words = |report: &Report| match report.database.built {
            Some(built) => format!("one of {}", built.strftime("%F")),
            None => "none that says its date".to_owned(),
        };
        warnings.push(format!(
            "the two were judged by different databases ({}, {}): some differences are of the advisories, not of the images",
            words(old),
            words(new)
        ));
    }
    if old.image.platform != new.image.platform
        && let (Some(left), Some(right)) = (&old.image.platform, &new.image.platform)
    {
        warnings.push(format!("the two are of different platforms: {left}, {right}"));
    }
    if old.secrets.is_some() != new.secrets.is_some() {
        let which = if old.secrets.is_none() { "old" } else { "new" };
        warnings.push(format!("nobody looked for secrets in the {which} one, so they are not compared"));
    }
    for (report, which) in [(old, "old"), (new, "new")] {
        if report.hidden_by_filters > 0 {
            warnings.push(format!("filters hide {} findings from the {which} report", report.hidden_by_filters));
        }
        if report.findings.is_none() {
            warnings.push(format!("the {which} report holds an inventory alone"));
        }
        warnings.extend(report.unread.iter().map(|part| format!("{which}: {part}")));
    }
    warnings
}
