//! Where a command can be put behind those of a RUN.

use std::ops::Range;

use crate::rule::Edit;

/// The place behind the last command, and what has to stand around a further one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    at: usize,
    before: String,
    after: &'static str,
}

impl Append {
    /// Behind a script of the shell form. There is none where the script ends in what no command can follow, or holds what
    /// makes its end hard to tell.
    pub(super) fn to_script(script: &str, span: &Range<usize>, escape: char) -> Option<Self> {
        if script.len() != span.len() || script.contains("<<") {
            return None;
        }
        let last = script.rsplit('\n').next().unwrap_or(script);
        let ended = script.ends_with(';') && !script.ends_with(";;") && !script.ends_with("\\;");
        if last.contains('#') || (!ended && script.ends_with(['&', '|', ';', '(', '{', '\\', '`', ','])) {
            return None;
        }
        let link = if ended { "" } else { "&& " };
        let before = if script.contains('\n') {
            let indent = &last[..last.len() - last.trim_start().len()];
            let line = if script.contains("\r\n") { "\r\n" } else { "\n" };
            format!(" {escape}{line}{indent}{link}")
        } else {
            format!(" {link}")
        };
        Some(Self { at: span.end, before, after: "" })
    }

    /// Behind the last line of a here-document.
    pub(super) fn to_document(document: &str, span: &Range<usize>) -> Option<Self> {
        let last = document.strip_suffix('\n')?.rsplit('\n').next().unwrap_or_default();
        let open = last.trim_end().ends_with(['&', '|', '\\', '(', '{']);
        // A carriage return would become part of the command.
        (document.len() == span.len() && !open && !document.contains('\r')).then(|| {
            let indent = &last[..last.len() - last.trim_start().len()];
            Self { at: span.end, before: indent.to_owned(), after: "\n" }
        })
    }

    /// The edit that puts a command there.
    pub fn edit(&self, command: &str) -> Edit {
        Edit { span: self.at..self.at, text: format!("{}{command}{}", self.before, self.after) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appended(script: &str) -> Option<String> {
        Append::to_script(script, &(7..7 + script.len()), '\\').map(|append| format!("{script}{}", append.edit("x").text))
    }

    #[test]
    fn commands_follow_in_the_same_style() {
        for (script, expected) in [
            ("a", Some("a && x")),
            ("a;", Some("a; x")),
            ("a \\\n    && b", Some("a \\\n    && b \\\n    && x")),
            ("a; \\\r\n\tb;", Some("a; \\\r\n\tb; \\\r\n\tx")),
            ("if a; then b; fi", Some("if a; then b; fi && x")),
            ("a &", None),
            ("a |", None),
            ("a # why", None),
            ("find . -exec b {} \\;", None),
            ("cat <<EOF\nEOF", None),
        ] {
            assert_eq!(appended(script).as_deref(), expected, "{script}");
        }
    }
}
