//! One report model, every format: what people and programs read. Formats are pure functions of the report; the wire
//! formats live here and nowhere else, so that the model can change.

mod error;
mod format;
pub mod json;

pub use error::ReportError;
pub use format::{Format, FormatError, Index, RenderOptions};

use model::report::Report;

/// Renders reports: one, or one per platform of an index.
///
/// The same reports give the same bytes.
pub fn render(format: &Format, reports: &[Report], options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    match format {
        Format::Json => json::render(reports, options),
        other => Err(ReportError::NotYet(other.to_string())),
    }
}
