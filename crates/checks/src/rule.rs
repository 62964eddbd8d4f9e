//! What a rule is.

use std::ops::Range;

use model::misconfiguration::Misconfiguration;
use model::severity::Severity;

/// Characters of what a hit is about.
const MAX_ABOUT: usize = 300;

/// One rule over one kind of document; `C` is the function that looks at such a document.
#[derive(Clone, Copy, Debug)]
pub struct Rule<C> {
    /// Our id, `PLM-D001`; never given away again.
    pub id: &'static str,
    /// What others call the same: hadolint's `DL…`, Trivy's `DS-…`, the CIS Docker Benchmark's `CIS-DI-…`.
    pub aliases: &'static [&'static str],
    /// How bad it is.
    pub severity: Severity,
    /// One line of what is wrong; for a control of a benchmark, of how it should be.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to write instead.
    pub fix: &'static str,
    /// Where to read more.
    pub link: &'static str,
    /// Finds the places.
    pub check: C,
    /// A document in which it speaks, once.
    pub bad: &'static str,
    /// The same as it should be.
    pub good: &'static str,
}

impl<C> Rule<C> {
    /// What a report says of one hit: `target` names the document, `instruction` is its line as it is written.
    pub fn misconfiguration(&self, hit: Hit, target: &str, instruction: Option<String>) -> Misconfiguration {
        Misconfiguration {
            id: self.id.to_owned(),
            aliases: self.aliases.iter().map(|&alias| alias.to_owned()).collect(),
            severity: self.severity,
            target: target.to_owned(),
            line: Some(hit.line),
            instruction,
            title: self.title.to_owned(),
            about: match (hit.object.is_empty(), hit.about.is_empty()) {
                (true, _) => hit.about,
                (false, true) => hit.object.clone(),
                (false, false) => format!("{}: {}", hit.object, hit.about),
            },
            object: hit.object,
            why: self.why.to_owned(),
            fix: self.fix.to_owned(),
            link: self.link.to_owned(),
        }
    }
}

/// A place where a rule speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// From 1.
    pub line: usize,
    /// What it is about there (a package, an image), where the title alone does not tell; else empty.
    pub about: String,
    /// The object that it is part of, where a file holds several; else empty.
    pub object: String,
    /// What mends it, where that needs no judgement and cannot harm.
    pub edit: Option<Edit>,
}

/// A part of a document, and what to write there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In bytes; empty where something is put in.
    pub span: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Hit {
    /// The title tells all.
    pub fn at(line: usize) -> Self {
        Self { line, about: String::new(), object: String::new(), edit: None }
    }

    /// In one of the objects of a file, with what it is about there.
    pub(crate) fn of(object: String, line: usize, about: impl Into<String>) -> Self {
        Self { line, about: cut(about.into()), object, edit: None }
    }

    /// With what it is about.
    pub fn about(line: usize, about: impl Into<String>) -> Self {
        Self { line, about: about.into(), object: String::new(), edit: None }
    }

    /// With what mends it, if that is known.
    #[must_use]
    pub fn mended_by(self, edit: Option<Edit>) -> Self {
        Self { edit, ..self }
    }
}

/// As much of a text as fits into a report; a manifest may hold a name of any length.
fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_ABOUT) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Holds what every list of rules has to be: ids of their own, in order, and texts that say something.
#[cfg(test)]
pub(crate) fn assert_sound<C>(rules: &[&Rule<C>]) {
    assert!(rules.is_sorted_by(|left, right| left.id < right.id), "ids are given twice or out of order");
    for rule in rules {
        assert!(rule.title.len() < 100 && rule.why.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
        assert!(rule.link.starts_with("https://") && rule.aliases.iter().all(|alias| !alias.is_empty()), "{}", rule.id);
    }
}
