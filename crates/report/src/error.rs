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
    /// The template is wrong or asks for what the report does not have.
    #[error("the template {} failed at line {line}: {reason}; its variables are the fields of `--format json`", path.display())]
    Template {
        /// The template.
        path: PathBuf,
        /// The line; 0 where none is to blame.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What the engine said.
        source: Box<minijinja::Error>,
    },
    /// Nobody looked for what the format speaks of.
    #[error("{format} speaks of findings, and an inventory alone has none; use `plimsoll scan`")]
    NothingJudged {
        /// The format in words.
        format: &'static str,
    },
    /// The format is one of a report, not of a difference.
    #[error("a difference has no {format} form; use table, json or markdown")]
    NoDifference {
        /// The format.
        format: String,
    },
    /// The format is not written for misconfigurations of files.
    #[error("misconfigurations have no {format} form; use table, json, sarif, markdown, github, gitlab or junit")]
    NoMisconfigurations {
        /// The format.
        format: String,
    },
    /// The format is not written for hosts.
    #[error("a host has no {format} form; use table, json, junit or markdown")]
    NoHost {
        /// The format.
        format: String,
    },
    /// The format has room for one image, and the answer is about several.
    #[error(
        "a {format} document speaks of one image, and there are {count} platforms; choose one with `--platform os/arch` or use `--format json`"
    )]
    OneImage {
        /// The format in words.
        format: &'static str,
        /// How many reports there are.
        count: usize,
    },
}
