//! SPDX 2 as tags and values, one a line (<https://spdx.github.io/spdx-spec/v2.3/>, where clauses 6 to 12 give the tag of
//! each field). What a tag is about follows from the tags before it: `PackageName` begins a package, `FileName` a file.

use std::collections::HashMap;

use super::super::SbomError;
use super::super::component::MAX_PACKAGES;
use super::{Annotation, Document, Entry, ExternalRef, FileEntry, Relationship};

/// More files, and more relationships, than images have: each costs many times what it takes in the document.
const MAX_ENTRIES: usize = 1 << 22;
/// By which the document itself is referred to.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Whether this is such a document: the version is its first tag.
pub(in super::super) fn is(content: &[u8]) -> bool {
    let mut lines = content.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).is_some_and(|line| line.starts_with(b"SPDXVersion:"))
}

/// Reads a document. A text that nothing ends is an error: what follows it cannot be told from what is in it.
pub(in super::super) fn parse(text: &str) -> Result<Document, SbomError> {
    let mut reading = Reading::default();
    let mut values = Values { rest: text, line: 0, odd: 0 };
    let mut is_full = false;
    while !is_full && let Some((tag, value)) = values.next()? {
        reading.take(tag, value);
        is_full = reading.is_full();
    }
    let mut document = reading.finish();
    if is_full {
        document.unread = Some(format!(
            "the SBOM lists more than {MAX_PACKAGES} packages, or more than {MAX_ENTRIES} files, relationships or annotations; \
             the rest was not read"
        ));
    }
    if values.odd > 0 {
        document.problems.push(format!("{} lines of the SBOM are no tag and value; they were passed over", values.odd));
    }
    Ok(document)
}

/// What is to be read yet.
struct Values<'a> {
    rest: &'a str,
    /// Number of the last line.
    line: usize,
    /// Lines that are neither a tag and a value nor a comment.
    odd: usize,
}

impl<'a> Values<'a> {
    /// The next tag and its value.
    fn next(&mut self) -> Result<Option<(&'a str, &'a str)>, SbomError> {
        while !self.rest.is_empty() {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.line += 1;
            let trimmed = line.trim();
            let Some((tag, value)) = trimmed.split_once(':').filter(|(tag, _)| is_tag(tag)) else {
                if !trimmed.is_empty() && !trimmed.starts_with('#') {
                    self.odd += 1;
                }
                self.rest = rest;
                continue;
            };
            let value = value.trim_start();
            if !value.starts_with("<text>") {
                self.rest = rest;
                return Ok(Some((tag, value)));
            }
            // The text goes on over as many lines as it takes.
            let whole = self.rest.split_once("<text>").map_or("", |(_, whole)| whole);
            let Some((text, after)) = whole.split_once("</text>") else {
                return Err(SbomError::Damaged(format!("the text that begins at line {} does not end", self.line)));
            };
            self.line += text.matches('\n').count();
            self.rest = after.split_once('\n').map_or("", |(_, rest)| rest);
            return Ok(Some((tag, text)));
        }
        Ok(None)
    }
}

fn is_tag(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What an `SPDXID` belongs to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum About {
    #[default]
    Document,
    Package,
    File,
}

/// The document being read.
#[derive(Default)]
struct Reading {
    document: Document,
    about: About,
    /// For each file, the package that it stands below.
    owners: Vec<Option<usize>>,
    /// What annotations are about, and what they say.
    annotations: Vec<(String, String)>,
}

impl Reading {
    fn take(&mut self, tag: &str, value: &str) {
        let value = value.to_owned();
        match tag {
            "SPDXVersion" => self.document.spdx_version = Some(value),
            "PackageName" => self.begin_package(value),
            "FileName" => self.begin_file(value),
            "SPDXID" => match self.about {
                About::Document => {}
                About::Package => self.package(|package| package.id = value),
                About::File => self.file(|file| file.id = value),
            },
            "PackageVersion" => self.package(|package| package.version_info = Some(value)),
            "PackageSupplier" => self.package(|package| package.supplier = Some(value)),
            "PackageOriginator" => self.package(|package| package.originator = Some(value)),
            "PackageSourceInfo" => self.package(|package| package.source_info = Some(value)),
            "PackageLicenseDeclared" => self.package(|package| package.license_declared = Some(value)),
            "PackageLicenseConcluded" => self.package(|package| package.license_concluded = Some(value)),
            "PrimaryPackagePurpose" => self.package(|package| package.primary_package_purpose = Some(value)),
            "PackageAttributionText" => self.package(|package| package.attribution_texts.push(value)),
            "ExternalRef" => self.package(|package| package.external_refs.extend(external_ref(&value))),
            "FileComment" => self.file(|file| file.comment = Some(value)),
            "Relationship" => self.relate(&value),
            "RelationshipComment" => {
                if let Some(relationship) = self.document.relationships.last_mut() {
                    relationship.comment = Some(value);
                }
            }
            "Annotator" => self.annotations.push(Default::default()),
            "SPDXREF" => self.annotation(|(about, _)| *about = value),
            "AnnotationComment" => self.annotation(|(_, comment)| *comment = value),
            _ => {}
        }
    }

    fn begin_package(&mut self, name: String) {
        self.about = About::Package;
        self.document.packages.push(Entry { name, ..Entry::default() });
    }

    fn begin_file(&mut self, file_name: String) {
        self.about = About::File;
        self.owners.push(self.document.packages.len().checked_sub(1));
        self.document.files.push(FileEntry { file_name, ..FileEntry::default() });
    }

    fn is_full(&self) -> bool {
        let Document { packages, files, relationships, .. } = &self.document;
        packages.len() > MAX_PACKAGES
            || [files.len(), relationships.len(), self.annotations.len()].iter().any(|&n| n > MAX_ENTRIES)
    }

    fn package(&mut self, set: impl FnOnce(&mut Entry)) {
        if let Some(package) = self.document.packages.last_mut().filter(|_| self.about == About::Package) {
            set(package);
        }
    }

    fn file(&mut self, set: impl FnOnce(&mut FileEntry)) {
        if let Some(file) = self.document.files.last_mut().filter(|_| self.about == About::File) {
            set(file);
        }
    }

    fn annotation(&mut self, set: impl FnOnce(&mut (String, String))) {
        if let Some(annotation) = self.annotations.last_mut() {
            set(annotation);
        }
    }

    /// `ELEMENT TYPE ELEMENT`.
    fn relate(&mut self, value: &str) {
        let mut words = value.split_whitespace().map(str::to_owned);
        let (Some(spdx_element_id), Some(kind), Some(related_spdx_element)) = (words.next(), words.next(), words.next()) else {
            return;
        };
        self.document.relationships.push(Relationship { spdx_element_id, related_spdx_element, kind, comment: None });
    }

    /// Brings together what refers to each other.
    fn finish(self) -> Document {
        let Self { mut document, owners, annotations, .. } = self;
        // Files below a package are the package's; what is said in so many words goes first.
        let below = document.files.iter().zip(owners).filter_map(|(file, owner)| {
            Some(Relationship {
                spdx_element_id: document.packages.get(owner?)?.id.clone(),
                related_spdx_element: file.id.clone(),
                kind: "CONTAINS".to_owned(),
                comment: None,
            })
        });
        document.relationships.extend(below.collect::<Vec<_>>());
        let numbers: HashMap<String, usize> =
            document.packages.iter().enumerate().map(|(number, package)| (package.id.clone(), number)).collect();
        for (about, comment) in annotations {
            let annotation = Annotation { comment };
            if about == DOCUMENT {
                document.annotations.push(annotation);
            } else if let Some(package) = numbers.get(&about).and_then(|&number| document.packages.get_mut(number)) {
                package.annotations.push(annotation);
            }
        }
        document
    }
}

/// `CATEGORY TYPE LOCATOR`; only package URLs are kept.
fn external_ref(value: &str) -> Option<ExternalRef> {
    let mut words = value.split_whitespace().skip(1).map(str::to_owned);
    let (reference_type, reference_locator) = (words.next()?, words.next()?);
    (reference_type == "purl").then_some(ExternalRef { reference_type, reference_locator })
}
