//! The names of the formats, and what rendering needs to know beside the report.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use model::digest::Digest;

/// An output format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// `plimsoll.report/v1`: everything.
    Json,
    /// SARIF 2.1.0, for code-scanning services.
    Sarif,
    /// CycloneDX 1.6 JSON.
    CycloneDx,
    /// SPDX 2.3 JSON.
    Spdx,
    /// OpenVEX 0.2.0.
    OpenVex,
    /// One self-contained page.
    Html,
    /// For pull requests and job summaries.
    Markdown,
    /// Annotations of a GitHub Actions job.
    GitHub,
    /// GitLab's container scanning report.
    GitLab,
    /// JUnit XML, for build servers.
    Junit,
    /// Trivy's JSON, schema version 2.
    TrivyJson,
    /// One purl a line.
    Purl,
    /// What must be handed on with the image: licences, copyright lines and texts.
    Notices,
    /// A minijinja template over the JSON report.
    Template(PathBuf),
}

/// The formats with a name of their own.
const NAMED: [(&str, Format); 14] = [
    ("table", Format::Table),
    ("json", Format::Json),
    ("sarif", Format::Sarif),
    ("cyclonedx-json", Format::CycloneDx),
    ("spdx-json", Format::Spdx),
    ("openvex", Format::OpenVex),
    ("html", Format::Html),
    ("markdown", Format::Markdown),
    ("github", Format::GitHub),
    ("gitlab", Format::GitLab),
    ("junit", Format::Junit),
    ("trivy-json", Format::TrivyJson),
    ("purl", Format::Purl),
    ("notices", Format::Notices),
];

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a format; use table, json, sarif, cyclonedx-json, spdx-json, openvex, html, markdown, github, gitlab, junit, trivy-json, purl, notices or template=FILE"
)]
pub struct FormatError(pub String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        if let Some(("template", file)) = text.split_once('=')
            && !file.is_empty()
        {
            return Ok(Self::Template(file.into()));
        }
        NAMED.into_iter().find(|(name, _)| *name == text).map(|(_, format)| format).ok_or_else(|| FormatError(text.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(file) => write!(f, "template={}", file.display()),
            named => f.write_str(NAMED.iter().find(|(_, format)| format == named).map_or("", |(name, _)| name)),
        }
    }
}

/// What rendering needs to know beside the report.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Columns that a table may take.
    pub width: usize,
    /// Whether a table may use colour.
    pub color: bool,
    /// Set where the reports are the children of an index, so that the answer is one document about the index.
    pub index: Option<Index>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { width: 100, color: false, index: None }
    }
}

/// The index that several reports belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its digest, where it has one.
    pub digest: Option<Digest>,
}
