//! Places in a policy file, and what is wrong there.

use serde_saphyr::Location;

/// A file that is no policy: what is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct PolicyError {
    /// From 1.
    pub line: u64,
    /// From 1, in characters.
    pub column: u64,
    /// One sentence.
    pub message: String,
}

impl PolicyError {
    pub(crate) fn at(place: Location, message: impl Into<String>) -> Self {
        // What has no place is about the file as a whole.
        Self { line: place.line().max(1), column: place.column().max(1), message: message.into() }
    }

    /// An error of the YAML reader, without its picture of the place.
    pub(crate) fn of_yaml(error: &serde_saphyr::Error) -> Self {
        let bare = error.without_snippet();
        let text = bare.to_string();
        let first = text.lines().next().unwrap_or_default();
        // The reader says the place itself; here it stands in front.
        let message = first.split(" at line ").next().unwrap_or(first).trim_start_matches("error: ").to_owned();
        let message = message.split_once(": line ").map_or(message.clone(), |(before, after)| {
            // `error: line 3 column 5: what`
            after.split_once(": ").map_or(before.to_owned(), |(_, what)| what.to_owned())
        });
        Self::at(bare.location().unwrap_or(Location::UNKNOWN), message)
    }

    /// Adds how the field of its line is written, where the error is about what stands behind one.
    pub(crate) fn with_example(mut self, file: &str) -> Self {
        let line = usize::try_from(self.line).ok().and_then(|line| file.lines().nth(line.saturating_sub(1))).unwrap_or_default();
        let key = line.trim_start_matches([' ', '-']).split(':').next().unwrap_or_default();
        // What the reader calls by the names of types says nothing to those who write policies.
        if let Some(example) = crate::file::example(key)
            && !self.message.starts_with("unknown")
        {
            self.message = format!("`{key}` cannot be that; write it as in `{example}`");
        }
        self
    }

    /// A place inside a text that stands in the file from `start` on: as many characters further, not counting white space,
    /// which YAML folds and indents.
    pub(crate) fn inside(file: &str, start: Location, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let wanted = text.chars().take(offset).filter(|character| !character.is_whitespace()).count();
        let mut place = (start.line().max(1), start.column().max(1));
        let mut rest: Vec<(char, (u64, u64))> = Vec::new();
        let (mut line, mut column) = (1, 1);
        for character in file.chars() {
            if (line, column) >= place {
                rest.push((character, (line, column)));
            }
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        let mut rest = rest.as_slice();
        match rest.first() {
            // The head of a block: `|`, `>-`.
            Some(('|' | '>', _)) => {
                let end = rest.iter().position(|(character, _)| *character == '\n').map_or(rest.len(), |end| end + 1);
                rest = &rest[end..];
            }
            Some(('"' | '\'', _)) => rest = &rest[1..],
            _ => {}
        }
        if let Some((_, at)) = rest.iter().filter(|(character, _)| !character.is_whitespace()).nth(wanted) {
            place = *at;
        }
        Self { line: place.0, column: place.1, message: message.into() }
    }
}
