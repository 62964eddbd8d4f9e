//! Comments that take rules out: `# plimsoll ignore=PLM-K001` and Trivy's `# trivy:ignore:KSV-0001`, on the line itself or
//! above it, for that line and what is nested in it; above a document's first line, for the document. With `global ignore`,
//! for the whole file.

/// What the comments of a file take out.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    /// The id, and the first and last line it is taken out of.
    places: Vec<(String, usize, usize)>,
}

impl Ignored {
    pub(crate) fn read(text: &str) -> Self {
        let mut ignored = Self::default();
        // Most files have none, and need no lines.
        if !text.contains("plimsoll") && !text.contains("trivy:ignore:") {
            return ignored;
        }
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((before, comment)) = comment(line) else { continue };
            let Some((ids, global)) = pragma(comment) else { continue };
            let (first, last) = match (global, before.trim().is_empty()) {
                (true, _) => (1, usize::MAX),
                (false, true) => below(&lines, number),
                (false, false) => (number + 1, end_of_block(&lines, number) + 1),
            };
            ignored.places.extend(ids.into_iter().map(|id| (id, first, last)));
        }
        ignored
    }

    /// Whether a rule of this id and these aliases is taken out of a line.
    pub(crate) fn covers(&self, id: &str, aliases: &[&str], line: usize) -> bool {
        let names = |written: &str| same(written, id) || aliases.iter().any(|alias| same(written, alias));
        self.places.iter().any(|(written, first, last)| (*first..=*last).contains(&line) && names(written))
    }
}

/// What stands before a comment, and the comment.
fn comment(line: &str) -> Option<(&str, &str)> {
    let at = if line.trim_start().starts_with('#') { line.find('#')? } else { line.rfind(" #")? + 1 };
    Some((&line[..at], line[at..].trim_start_matches('#').trim()))
}

/// The ids that a comment takes out, and whether it does so in the whole file.
fn pragma(comment: &str) -> Option<(Vec<String>, bool)> {
    if let Some(rest) = comment.strip_prefix("trivy:ignore:") {
        // More of them may follow, separated by spaces; a parameter in brackets is no part of the id.
        let words =
            std::iter::once(rest).chain(rest.split_whitespace().skip(1).filter_map(|word| word.strip_prefix("trivy:ignore:")));
        let ids = words.filter_map(|word| word.split(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric()).next());
        return Some((ids.map(str::to_owned).collect(), false));
    }
    let words = comment.strip_prefix("plimsoll")?.trim_start();
    let (words, global) = match words.strip_prefix("global") {
        Some(rest) => (rest.trim_start(), true),
        None => (words, false),
    };
    let ids = words.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    Some((ids.split([',', ' ', '\t']).filter(|id| !id.is_empty()).map(str::to_owned).collect(), global))
}

/// The lines, from 1, that a comment on a line of its own is about.
fn below(lines: &[&str], comment: usize) -> (usize, usize) {
    let Some(target) = (comment + 1..lines.len()).find(|number| !is_blank(lines[*number])) else { return (0, 0) };
    let is_first = lines[..target].iter().rev().find(|line| !is_blank(line) && !is_marker(line));
    let marked = lines[..target].iter().rev().take_while(|line| is_blank(line) || is_marker(line)).any(|line| is_marker(line));
    let target = if is_marker(lines[target]) { target + 1 } else { target };
    if is_first.is_none() || marked || target > 0 && lines.get(target - 1).is_some_and(|line| is_marker(line)) {
        let end = (target..lines.len()).find(|number| is_marker(lines[*number])).unwrap_or(lines.len());
        return (comment + 1, end);
    }
    (target + 1, end_of_block(lines, target) + 1)
}

/// The last line that is nested in a line.
fn end_of_block(lines: &[&str], from: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines[from]);
    let is_item = |line: &str| line.trim_start().starts_with("- ") || line.trim() == "-";
    // A list may stand as far left as its key.
    let inside =
        |line: &str| is_blank(line) || indent(line) > own || indent(line) == own && is_item(line) && !is_item(lines[from]);
    let mut last = from;
    for (number, line) in lines.iter().enumerate().skip(from + 1).take_while(|(_, line)| inside(line) && !is_marker(line)) {
        if !is_blank(line) {
            last = number;
        }
    }
    last
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Whether two ids are of one rule: `KSV001`, `KSV-0001` and `AVD-KSV-0001` are.
fn same(left: &str, right: &str) -> bool {
    let parts = |id: &str| {
        let id = id.to_ascii_uppercase();
        let id = id.strip_prefix("AVD-").unwrap_or(&id).to_owned();
        let at = id.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let (name, number) = id.split_at(at);
        (name.trim_end_matches('-').to_owned(), number.trim_start_matches('0').to_owned())
    };
    parts(left) == parts(right)
}

#[cfg(test)]
mod tests {
    use super::{Ignored, same};

    #[test]
    fn comments_cover_what_is_nested() {
        let text = "\
# plimsoll ignore=PLM-K001
a: 1
---
b:
  # trivy:ignore:KSV002 trivy:ignore:AVD-KSV-0003
  - c: 1
    d: 2
  - c: 3 # plimsoll ignore=PLM-K004, PLM-K005
    d: 4
e: 5
---
# x
# plimsoll ignore=PLM-K006
f:
- g
h: 1
";
        let ignored = Ignored::read(text);
        let lines = |id: &str| -> Vec<usize> { (1..=18).filter(|line| ignored.covers(id, &[], *line)).collect() };
        assert_eq!(lines("PLM-K001"), [1, 2]);
        assert_eq!(lines("KSV-0002"), [6, 7]);
        assert_eq!(lines("KSV-0003"), [6, 7]);
        assert_eq!(lines("PLM-K004"), [8, 9]);
        assert_eq!(lines("PLM-K005"), [8, 9]);
        assert_eq!(lines("PLM-K006"), [13, 14, 15, 16]);
        assert!(Ignored::read("a: 1\n# plimsoll global ignore=KSV001\n").covers("PLM-K001", &["KSV-0001"], 1));
    }

    #[test]
    fn spellings_are_one() {
        for (left, right, equal) in [
            ("KSV001", "KSV-0001", true),
            ("avd-ksv-0001", "KSV-0001", true),
            ("KSV-01010", "KSV-1010", true),
            ("KSV-0101", "KSV-1010", false),
            ("PLM-K001", "PLM-C001", false),
            ("CIS-5.5", "CIS-5.05", true),
        ] {
            assert_eq!(same(left, right), equal, "{left} {right}");
        }
    }
}
