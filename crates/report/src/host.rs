//! A host, control by control: for people, for programs, for build servers and for a job's summary.

mod json;
mod junit;
mod markdown;
mod table;

use model::host::{Control, HostOutcome, HostReport};

use crate::{Format, RenderOptions, ReportError};

/// Renders a report about a host.
///
/// # Errors
/// Where the format has no form for it.
pub fn render(format: &Format, report: &HostReport, options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    match format {
        Format::Table => Ok(table::render(report, options)),
        Format::Json => json::render(report),
        Format::Junit => Ok(junit::render(report)),
        Format::Markdown => Ok(markdown::render(report)),
        other => Err(ReportError::NoHost { format: other.to_string() }),
    }
}

/// The controls of each section, in order.
fn sections(report: &HostReport) -> impl Iterator<Item = &[Control]> {
    report.controls.chunk_by(|left, right| left.section == right.section)
}

/// How many controls came out so.
fn number(controls: &[Control], outcome: HostOutcome) -> usize {
    controls.iter().filter(|control| control.outcome == outcome).count()
}
