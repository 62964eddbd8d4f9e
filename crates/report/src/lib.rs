//! One report model, every format: what people and programs read. Formats are pure functions of the report; the wire
//! formats live here and nowhere else, so that the model can change.

mod cyclonedx;
pub mod diff;
mod error;
pub mod explanation;
mod format;
mod funnel;
mod github;
mod gitlab;
pub mod host;
mod html;
pub mod json;
mod junit;
mod licenses;
mod markdown;
pub mod misconfigurations;
mod notices;
mod openvex;
mod purl;
mod sarif;
mod sbom;
mod secrets;
mod spdx;
pub mod stored;
mod table;
mod template;
mod text;
mod trivy;
mod upgrade;

pub use error::ReportError;
pub use format::{Format, FormatError, Index, RenderOptions};
pub use funnel::Funnel;

use model::report::Report;

/// Renders reports: one, or one per platform of an index.
///
/// The same reports give the same bytes.
pub fn render(format: &Format, reports: &[Report], options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    match format {
        Format::Table => Ok(table::render(reports, options)),
        Format::Json => json::render(reports, options),
        Format::Sarif => sarif::render(reports),
        Format::CycloneDx => cyclonedx::render(sbom::only("CycloneDX", reports)?),
        Format::Spdx => spdx::render(sbom::only("SPDX", reports)?),
        Format::OpenVex => openvex::render(reports),
        Format::Html => Ok(html::render(reports)),
        Format::Markdown => Ok(markdown::render(reports)),
        Format::GitHub => Ok(github::render(reports)),
        Format::GitLab => gitlab::render(reports),
        Format::Junit => Ok(junit::render(reports)),
        Format::TrivyJson => trivy::render(reports),
        Format::Purl => Ok(purl::render(reports)),
        Format::Notices => Ok(notices::render(reports)),
        Format::Template(path) => template::render(path, reports, options),
    }
}
