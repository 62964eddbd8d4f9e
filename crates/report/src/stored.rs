//! Reports that were written earlier, read back into the model: our own, Trivy's JSON and Grype's JSON. What another scanner
//! found is taken at its word, and the coverage says whose word it is.

mod foreign;
mod grype;
mod own;
mod trivy;

use model::report::Report;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Index;

/// The schema of one report.
const REPORT: &str = "plimsoll.report/v1";
/// The schema of several.
const INDEX: &str = "plimsoll.index/v1";
/// Who found a package that stands in a stored report: reports do not say.
const EXTRACTOR: &str = "report";

/// Who wrote a stored report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// This program.
    Plimsoll,
    /// Trivy, by `--format json` (its schema version 2).
    Trivy,
    /// Grype, by `-o json`.
    Grype,
}

/// What a file of reports holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Who wrote it.
    pub author: Author,
    /// The reports, at least one.
    pub reports: Vec<Report>,
    /// Set where they are the children of an index.
    pub index: Option<Index>,
}

/// Why a file is no report that can be read; without the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoredError(String);

/// The keys by which the formats are told apart.
#[derive(Deserialize)]
struct Keys {
    schema: Option<String>,
    #[serde(rename = "SchemaVersion")]
    schema_version: Option<serde_json::Number>,
    matches: Option<IgnoredAny>,
    descriptor: Option<IgnoredAny>,
    runs: Option<IgnoredAny>,
    #[serde(rename = "bomFormat")]
    bom_format: Option<IgnoredAny>,
    #[serde(rename = "spdxVersion")]
    spdx_version: Option<IgnoredAny>,
}

/// Whose report this is, where it is one that can be read; the content is not looked into.
pub fn author(json: &[u8]) -> Option<Author> {
    match serde_json::from_slice(json).ok()? {
        Keys { schema: Some(schema), .. } => (schema == REPORT || schema == INDEX).then_some(Author::Plimsoll),
        Keys { schema_version: Some(_), .. } => Some(Author::Trivy),
        Keys { matches: Some(_), descriptor: Some(_), .. } => Some(Author::Grype),
        _ => None,
    }
}

/// Reads a report, or an index of several.
///
/// # Errors
/// A sentence that says what the content is instead, or what is wrong with it and where.
pub fn read(json: &[u8]) -> Result<Stored, StoredError> {
    const WANTED: &str = "a report by Plimsoll (`scan --format json`), Trivy (`--format json`) or Grype (`-o json`) is wanted";
    let keys: Keys =
        serde_json::from_slice(json).map_err(|error| StoredError(format!("this is no report in JSON: {error}; {WANTED}")))?;
    let instead = |what: &str| Err(StoredError(format!("this is {what}; {WANTED}")));
    match keys {
        Keys { schema: Some(schema), .. } => match schema.as_str() {
            REPORT => own(parse(json, "report")?),
            INDEX => own_index(parse(json, "index")?),
            other => instead(&format!("of the form `{other}`")),
        },
        Keys { schema_version: Some(version), .. } if version.as_u64() == Some(2) => {
            Ok(Stored { author: Author::Trivy, reports: vec![trivy::report(parse(json, "report of Trivy")?)?], index: None })
        }
        Keys { schema_version: Some(version), .. } => {
            instead(&format!("of Trivy's schema version {version}, and version 2 is read"))
        }
        Keys { matches: Some(_), descriptor: Some(_), .. } => {
            Ok(Stored { author: Author::Grype, reports: vec![grype::report(parse(json, "report of Grype")?)?], index: None })
        }
        Keys { runs: Some(_), .. } => instead("SARIF, which holds too little of what was found"),
        Keys { bom_format: Some(_), .. } | Keys { spdx_version: Some(_), .. } => {
            instead("an SBOM, which `plimsoll scan sbom:FILE` judges")
        }
        _ => instead("something else"),
    }
}

fn parse<'a, T: Deserialize<'a>>(json: &'a [u8], what: &str) -> Result<T, StoredError> {
    serde_json::from_slice(json).map_err(|error| StoredError(format!("this is no {what} that can be read: {error}")))
}

fn own(document: own::Document) -> Result<Stored, StoredError> {
    let report = document.into_report().map_err(StoredError)?;
    Ok(Stored { author: Author::Plimsoll, reports: vec![report], index: None })
}

fn own_index(document: own::IndexDocument) -> Result<Stored, StoredError> {
    let index = Some(Index { digest: document.index.digest });
    let reports: Result<Vec<Report>, String> = document.reports.into_iter().map(own::Document::into_report).collect();
    let reports = reports.map_err(StoredError)?;
    if reports.is_empty() {
        return Err(StoredError("the index holds no report; scan the image again with `--platform all`".to_owned()));
    }
    Ok(Stored { author: Author::Plimsoll, reports, index })
}
