//! VEX documents that whoever runs a scan names: files, folders of them, and mirrored VEX repositories. The formats are
//! told apart by content and read by the parsers of [`crate::feed`].
//!
//! Strict, unlike feeds: what cannot be understood is an error. A statement that is silently dropped may be the one that
//! says "affected", and then the rest allows more than its author meant.

mod repository;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use model::advisory::{Advisory, CveFacts};
use model::vex::{VexDocument, VexReach, VexStatement, VexStatus};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::feed::{ParseError, Parser, Sink, csaf, cyclonedx, openvex};

/// Largest document, in bytes. The largest known (a vendor's CSAF file) has 5 MB.
const SIZE_LIMIT: u64 = 64 << 20;
/// Most documents that the flags of one scan may name. VEX Hub has some thousands.
const DOCUMENTS_LIMIT: usize = 100_000;
/// Most statements of all of them.
const STATEMENTS_LIMIT: usize = 2_000_000;
/// Deepest nesting of folders.
const DEPTH_LIMIT: usize = 16;

/// A document that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VexError {
    /// The file or folder cannot be opened or read.
    #[error("the VEX document {path} could not be read; check the path and its permissions", path = path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no VEX document, or says what cannot be understood.
    #[error("the VEX document {path} cannot be used: {reason}", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to write instead.
        reason: String,
    },
    /// More than is read.
    #[error("{path} holds {what}; name fewer documents with --vex", path = path.display())]
    TooMuch {
        /// The file or folder at which the limit was reached.
        path: PathBuf,
        /// The limit.
        what: String,
    },
}

/// Reads every document at these paths, in the order given and within folders by name.
pub fn read(paths: &[PathBuf]) -> Result<Vec<VexDocument>, VexError> {
    let mut reader = Reader::default();
    for path in paths {
        reader.path(path)?;
    }
    Ok(reader.documents)
}

/// Reads one document from memory; `name` stands for it in messages.
pub fn parse(name: &Path, bytes: &[u8]) -> Result<VexDocument, VexError> {
    let malformed = |reason: String| VexError::Malformed { path: name.to_owned(), reason };
    let parser = parser_of(bytes).map_err(|ParseError(reason)| malformed(reason))?;
    let mut statements = Statements::default();
    let source = name.display().to_string();
    parser(&source, bytes, &mut statements).map_err(|ParseError(reason)| malformed(reason))?;
    if let Some(problem) = statements.problem {
        return Err(malformed(problem.strip_prefix(&format!("{source}: ")).unwrap_or(&problem).to_owned()));
    }
    for (number, statement) in statements.read.iter().enumerate() {
        check(statement).map_err(|why| malformed(format!("statement {} ({}) {why}", number + 1, statement.vulnerability)))?;
    }
    Ok(VexDocument { source, reach: VexReach::Everything, expected: false, statements: statements.read })
}

/// What every statement must have to mean anything ("minimum requirements for VEX", section 2; OpenVEX, "status labels").
fn check(statement: &VexStatement) -> Result<(), &'static str> {
    if statement.products.is_empty() {
        return Err("names no product; add the image or package that it is about");
    }
    if statement.status == VexStatus::NotAffected && statement.justification.is_empty() && statement.statement.is_empty() {
        return Err("says not_affected without a reason; add a justification or an impact statement");
    }
    Ok(())
}

/// The fields by which formats are told apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    #[serde(default, rename = "@context")]
    context: Option<serde_json::Value>,
    #[serde(default)]
    bom_format: Option<String>,
    #[serde(default)]
    document: Option<IgnoredAny>,
    #[serde(default)]
    statements: Option<IgnoredAny>,
}

fn parser_of(bytes: &[u8]) -> Result<Parser, ParseError> {
    let probe: Probe = serde_json::from_slice(bytes)?;
    let is_openvex = |context: &serde_json::Value| context.to_string().contains("openvex");
    if probe.context.as_ref().is_some_and(is_openvex) {
        return match probe.statements {
            Some(_) => Ok(openvex::parse),
            None => Err(ParseError("it is OpenVEX without `statements`".into())),
        };
    }
    match (probe.bom_format.as_deref(), probe.document) {
        (Some("CycloneDX"), _) => Ok(cyclonedx::parse),
        (_, Some(_)) => Ok(csaf::statement::parse),
        _ => Err(ParseError(
            "it is none of OpenVEX (an `@context` of openvex.dev), CSAF (`document`) and CycloneDX (`bomFormat`)".into(),
        )),
    }
}

/// Keeps statements, and the first thing that could not be read.
#[derive(Default)]
struct Statements {
    read: Vec<VexStatement>,
    problem: Option<String>,
}

impl Sink for Statements {
    fn advisory(&mut self, _: Advisory) {}
    fn facts(&mut self, _: CveFacts) {}
    fn record(&mut self, _: Option<Date>) {}
    fn problem(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
    fn vex(&mut self, statement: VexStatement) {
        self.read.push(statement);
    }
}

/// Collects documents within the limits.
#[derive(Default)]
struct Reader {
    documents: Vec<VexDocument>,
    statements: usize,
}

impl Reader {
    fn path(&mut self, path: &Path) -> Result<(), VexError> {
        let metadata = std::fs::metadata(path).map_err(|source| VexError::Read { path: path.to_owned(), source })?;
        if !metadata.is_dir() {
            let document = VexDocument { expected: true, ..parse(path, &content(path)?)? };
            return self.take(path, document);
        }
        match repository::index(path)? {
            Some(entries) => {
                for document in repository::documents(path, &entries)? {
                    self.take(path, document)?;
                }
                Ok(())
            }
            None => self.folder(path, 0),
        }
    }

    /// Every `.json` below a folder. Links to folders are not followed: they may lead anywhere, or in a circle.
    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), VexError> {
        let unreadable = |source| VexError::Read { path: folder.to_owned(), source };
        if depth > DEPTH_LIMIT {
            return Err(VexError::TooMuch { path: folder.to_owned(), what: format!("folders more than {DEPTH_LIMIT} deep") });
        }
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            names.insert((entry.path(), entry.file_type().map_err(unreadable)?.is_dir()));
        }
        for (path, is_folder) in names {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if is_folder && !hidden {
                self.folder(&path, depth + 1)?;
            } else if !is_folder && path.extension().is_some_and(|extension| extension == "json") {
                let document = parse(&path, &content(&path)?)?;
                self.take(&path, document)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, path: &Path, document: VexDocument) -> Result<(), VexError> {
        self.statements += document.statements.len();
        self.documents.push(document);
        let too_much = |what: String| Err(VexError::TooMuch { path: path.to_owned(), what });
        if self.documents.len() > DOCUMENTS_LIMIT {
            return too_much(format!("the last of more than {DOCUMENTS_LIMIT} documents"));
        }
        if self.statements > STATEMENTS_LIMIT {
            return too_much(format!("the last of more than {STATEMENTS_LIMIT} statements"));
        }
        Ok(())
    }
}

/// Reads a file within the limit.
fn content(path: &Path) -> Result<Vec<u8>, VexError> {
    let unreadable = |source| VexError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(VexError::TooMuch { path: path.to_owned(), what: format!("more than {} MB", SIZE_LIMIT >> 20) });
    }
    Ok(bytes)
}
