//! What can go wrong while rendering.

use std::io;
use std::path::PathBuf;

/// A report that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A value that JSON cannot hold; only a defect of ours can cause it.
    #[error("the report could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The template could not be read.
    #[error("the template {} could not be read; check the path after `template=`", path.display())]
    TemplateFile {
        /// The template.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// x
    #[error("format {0} cannot be written")]
    NotYet(String),
}
