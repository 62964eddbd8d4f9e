//! `plimsoll.explanation/v1`: the answer of `--explain ID` for programs. It only grows, as the report does.

use serde::Serialize;

use crate::ReportError;

/// What became of one package under one entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation<'a> {
    /// The purl of the package that was looked at; `null` where none was.
    pub purl: Option<&'a str>,
    /// `matched`, `not matched`, `undetermined`, `unjudged` or `absent`.
    pub answer: &'static str,
    /// Why, in plain words.
    pub reason: &'a str,
    /// What the entry says: the package it names and its versions; `null` where no entry was asked.
    pub range: Option<&'a str>,
    /// The feed; `null` where no entry was asked.
    pub feed: Option<&'a str>,
    /// The feed's own id, errata after it; `null` where no entry was asked.
    pub advisory: Option<&'a str>,
}

/// What was asked of one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained<'a> {
    /// As the user named it.
    pub reference: &'a str,
    /// `os/arch[/variant]`; `null` where the target has none.
    pub platform: Option<String>,
    /// Sorted by purl, then answer.
    pub explanations: Vec<Explanation<'a>>,
    /// What somebody decided to live with, in the order of the findings.
    pub set_aside: Vec<SetAside<'a>>,
}

/// A finding that was made and does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAside<'a> {
    /// The package's purl.
    pub purl: &'a str,
    /// Who says so, where and why, in words.
    pub why: String,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    id: &'a str,
    images: &'a [Explained<'a>],
}

/// Renders one document over all images that were asked.
pub fn render(id: &str, images: &[Explained<'_>]) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(&Document { schema: "plimsoll.explanation/v1", id, images })?;
    bytes.push(b'\n');
    Ok(bytes)
}
