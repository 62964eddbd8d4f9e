//! Reads software bills of materials: CycloneDX in JSON (1.2 and later) and XML (1.0 and later), SPDX 2.2 and 2.3 in JSON
//! and tag-value. What is JSON may be bare or the predicate of an in-toto statement, as BuildKit attaches them to images.
//!
//! Our own documents carry every package whole (see [`model::sbom`]) and lose nothing. Those of others are read from
//! their package URLs, and from the properties in which Trivy and Syft keep what a package URL has no place for: the
//! source package, the places and the layer.

mod component;
mod cyclonedx;
mod embedded;
mod spdx;

use std::borrow::Cow;

use model::distro::Distro;
use model::image::ImageInfo;
use model::package::Package;
use serde::Deserialize;

use crate::extractor::Extractor;

/// The largest document that is read, in bytes.
pub const MAX_SIZE: usize = 512 << 20;

/// Bytes of JSON that an object takes on the average, at the least, and how many objects need not keep to it.
const OBJECT_SIZE: usize = 20;
const MIN_OBJECTS: usize = 10_000;

/// What an SBOM says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SbomContent {
    /// Packages, in the order of the document. Those of foreign documents have no locations where the document names
    /// none, and an empty path where it names the layer alone.
    pub packages: Vec<Package>,
    /// The distribution.
    pub distro: Option<Distro>,
    /// The image that the document is about.
    pub image: Option<ImageInfo>,
    /// What could not be read, as sentences.
    pub problems: Vec<String>,
    /// [`model::inventory::Inventory::unread`] of the image that the document is about, and of the document itself.
    pub unread: Vec<String>,
    /// `cyclonedx` or `spdx`.
    pub format: &'static str,
}

impl SbomContent {
    /// Says of a part of the document that it was not read.
    fn leave_out(&mut self, sentence: String) {
        self.problems.push(sentence.clone());
        self.unread.push(sentence);
    }
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SbomError {
    /// It is longer than [`MAX_SIZE`].
    #[error("{0} bytes are more than an SBOM may have")]
    TooLarge(usize),
    /// It is no JSON, or not the JSON that its format asks for.
    #[error("the SBOM is damaged: {0}")]
    Json(#[from] serde_json::Error),
    /// It is no XML, or no tags and values, though it begins as such.
    #[error("the SBOM is damaged: {0}")]
    Damaged(String),
    /// It is another format.
    #[error("this is neither CycloneDX (JSON or XML) nor SPDX 2 (JSON or tag-value)")]
    UnknownFormat,
}

/// What tells the formats apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    #[serde(borrow)]
    bom_format: Option<Cow<'a, str>>,
    #[serde(borrow)]
    spdx_version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    predicate_type: Option<Cow<'a, str>>,
}

/// An in-toto statement (<https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>).
#[derive(Deserialize)]
struct Statement<T> {
    #[serde(default)]
    subject: Vec<Subject>,
    predicate: T,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: std::collections::BTreeMap<String, String>,
}

/// Reads a document of any supported format.
pub fn parse(content: &[u8]) -> Result<SbomContent, SbomError> {
    if content.len() > MAX_SIZE {
        return Err(SbomError::TooLarge(content.len()));
    }
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    if spdx::tag_value::is(content) {
        return spdx::read(spdx::tag_value::parse(&String::from_utf8_lossy(content))?);
    }
    if content.trim_ascii_start().starts_with(b"<") {
        return cyclonedx::read(cyclonedx::xml::parse(&String::from_utf8_lossy(content))?);
    }
    // Honest objects say something: in a megabyte of `{},` lie more of them than memory should hold.
    if memchr::memchr_iter(b'{', content).count() > MIN_OBJECTS + content.len() / OBJECT_SIZE {
        return Err(SbomError::Damaged("it holds more objects than a document of its size has room for".to_owned()));
    }
    let probe: Probe<'_> = serde_json::from_slice(content)?;
    if probe.bom_format.is_some() {
        return cyclonedx::read(serde_json::from_slice(content)?);
    }
    if probe.spdx_version.is_some() {
        return spdx::read(serde_json::from_slice(content)?);
    }
    let (mut found, subjects) = match probe.predicate_type.as_deref() {
        Some(kind) if kind.starts_with("https://spdx.dev/Document") => {
            let statement: Statement<spdx::Document> = serde_json::from_slice(content)?;
            (spdx::read(statement.predicate)?, statement.subject)
        }
        Some(kind) if kind.starts_with("https://cyclonedx.org/bom") => {
            let statement: Statement<cyclonedx::Document> = serde_json::from_slice(content)?;
            (cyclonedx::read(statement.predicate)?, statement.subject)
        }
        _ => return Err(SbomError::UnknownFormat),
    };
    // What the statement is about is the image, and it is said by digest.
    let digest = subjects.iter().find_map(|subject| format!("sha256:{}", subject.digest.get("sha256")?).parse().ok());
    if digest.is_some() {
        found.image.get_or_insert_with(|| ImageInfo { source: "sbom".to_owned(), ..ImageInfo::default() }).digest = digest;
    }
    Ok(found)
}

/// The extractors of this family.
pub fn all() -> Vec<Box<dyn Extractor>> {
    vec![Box::new(embedded::Embedded::new())]
}
