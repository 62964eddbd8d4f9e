//! A file in the making, which knows where its secrets stand.
use super::{CorpusFile, Expected};

/// Text with marks on the secrets in it.
pub(super) struct Draft {
    pub(super) path: String,
    about: &'static str,
    pub(super) text: String,
    marks: Vec<Mark>,
}

struct Mark {
    kind: &'static str,
    value: String,
    start: usize,
    end: usize,
}

impl Draft {
    pub(super) fn new(about: &'static str, path: &str) -> Self {
        Self { path: path.to_owned(), about, text: String::new(), marks: Vec::new() }
    }

    /// Adds text without a secret.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds a secret as it is.
    pub(super) fn secret(self, kind: &'static str, value: &str) -> Self {
        self.written(kind, value, value)
    }

    /// Adds a secret as this file writes it: escaped, indented, encoded.
    pub(super) fn written(mut self, kind: &'static str, value: &str, written: &str) -> Self {
        let start = self.text.len();
        self.text.push_str(written);
        self.marks.push(Mark { kind, value: value.to_owned(), start, end: self.text.len() });
        self
    }

    /// The first secret's place in the text.
    pub(super) fn first(&self) -> Option<(usize, usize)> {
        self.marks.first().map(|mark| (mark.start, mark.end))
    }

    /// The same behind other text.
    pub(super) fn behind(mut self, text: &str) -> Self {
        self.text.insert_str(0, text);
        for mark in &mut self.marks {
            mark.start += text.len();
            mark.end += text.len();
        }
        self
    }

    /// What the file is about, told with its context.
    pub(super) fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The file, its secrets by line.
    pub(super) fn finish(self) -> CorpusFile {
        let line = |place: usize| self.text[..place].matches('\n').count() + 1;
        let expected = self
            .marks
            .iter()
            .map(|mark| Expected {
                kind: mark.kind,
                line: Some(line(mark.start)),
                // A line end that belongs to the secret does not open a further line.
                end_line: Some(line(mark.start + self.text[mark.start..mark.end].trim_end().len())),
                value: mark.value.clone(),
            })
            .collect();
        CorpusFile { path: self.path, about: self.about, bytes: self.text.into_bytes(), expected }
    }

    /// The file with other bytes, in which the lines are no longer those of the text.
    pub(super) fn recoded(self, bytes: Vec<u8>) -> CorpusFile {
        let expected =
            self.marks.into_iter().map(|mark| Expected { kind: mark.kind, line: None, end_line: None, value: mark.value });
        CorpusFile { path: self.path, about: self.about, bytes, expected: expected.collect() }
    }
}
