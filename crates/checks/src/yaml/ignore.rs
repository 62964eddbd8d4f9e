//! Comments that take rules out: `# plimsoll ignore=PLM-K001` and Trivy's `# trivy:ignore:KSV-0001`, on the line itself or
//! above it, for that line and what is nested in it; above a document's first line, for the document. With `global ignore`,
//! for the whole file.

use std::collections::HashMap;

/// What the comments of a file take out.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    /// First and last lines, by the id as [`proper`] spells it.
    places: HashMap<String, Vec<(usize, usize)>>,
}

/// A line under which others may be nested, and the comments that are about it: their ids and first lines.
struct Block {
    indent: usize,
    item: bool,
    comments: Vec<(Vec<String>, usize)>,
}

impl Ignored {
    pub(crate) fn read(text: &str) -> Self {
        let mut ignored = Self::default();
        // Most files have none, and need no lines.
        if !text.contains("plimsoll") && !text.contains("trivy:ignore:") {
            return ignored;
        }
        let (mut blocks, mut waiting, mut of_document) = (Vec::<Block>::new(), Vec::new(), Vec::new());
        let (mut last, mut is_first) = (0, true);
        for (number, line) in (1..).zip(text.lines()) {
            let (before, mut comments) = (line.split('#').next().unwrap_or_default(), Vec::new());
            if let Some((ids, global)) = comment(line).and_then(pragma) {
                if global {
                    ignored.close(vec![(ids, 1)], usize::MAX);
                } else {
                    comments.push((ids, number));
                }
            }
            if before.trim().is_empty() {
                waiting.append(&mut comments);
                continue;
            }
            let marker = is_marker(line);
            let indent = line.len() - line.trim_start().len();
            let item = line.trim_start().starts_with("- ") || line.trim() == "-";
            // A list may stand as far left as its key.
            let inside = |block: &Block| !marker && (indent > block.indent || indent == block.indent && item && !block.item);
            while blocks.last().is_some_and(|block| !inside(block)) {
                ignored.close(blocks.pop().map(|block| block.comments).unwrap_or_default(), last);
            }
            if marker {
                ignored.close(std::mem::take(&mut of_document), number - 1);
                is_first = true;
                continue;
            }
            if is_first {
                of_document.append(&mut waiting);
            }
            comments.append(&mut waiting);
            blocks.push(Block { indent, item, comments });
            (last, is_first) = (number, false);
        }
        for block in blocks {
            ignored.close(block.comments, last);
        }
        ignored.close(of_document, usize::MAX);
        for places in ignored.places.values_mut() {
            join(places);
        }
        ignored
    }

    fn close(&mut self, comments: Vec<(Vec<String>, usize)>, last: usize) {
        for (ids, first) in comments {
            for id in ids {
                self.places.entry(proper(&id)).or_default().push((first, last));
            }
        }
    }

    /// Tells of lines whether a rule of this id and these aliases is taken out of them.
    pub(crate) fn of(&self, id: &str, aliases: &[&str]) -> impl Fn(usize) -> bool {
        let named = std::iter::once(&id).chain(aliases).filter_map(|name| self.places.get(&proper(name)));
        let named: Vec<&Vec<(usize, usize)>> = if self.places.is_empty() { Vec::new() } else { named.collect() };
        move |line| {
            named.iter().any(|places| {
                let before = places.partition_point(|(first, _)| *first <= line);
                before > 0 && places[before - 1].1 >= line
            })
        }
    }
}

/// Puts places in order, and those that overlap together.
fn join(places: &mut Vec<(usize, usize)>) {
    places.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(places.len());
    for &(first, last) in places.iter() {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    *places = joined;
}

/// The comment of a line.
fn comment(line: &str) -> Option<&str> {
    let at = if line.trim_start().starts_with('#') { line.find('#')? } else { line.rfind(" #")? + 1 };
    Some(line[at..].trim_start_matches('#').trim())
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

fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// One spelling of an id: `KSV001`, `KSV-0001` and `AVD-KSV-0001` are of one rule.
fn proper(id: &str) -> String {
    let id = id.to_ascii_uppercase();
    let id = id.strip_prefix("AVD-").unwrap_or(&id);
    let name = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = id[name.len()..].trim_start_matches('0');
    format!("{}-{number}", name.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::{Ignored, proper};

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
        let lines = |id: &str| -> Vec<usize> { (1..=18).filter(|line| ignored.of(id, &[])(*line)).collect() };
        assert_eq!(lines("PLM-K001"), [1, 2]);
        assert_eq!(lines("KSV-0002"), [5, 6, 7]);
        assert_eq!(lines("KSV-0003"), [5, 6, 7]);
        assert_eq!(lines("PLM-K004"), [8, 9]);
        assert_eq!(lines("PLM-K005"), [8, 9]);
        assert_eq!(lines("PLM-K006"), [13, 14, 15, 16, 17, 18]);
        assert!(Ignored::read("a: 1\n# plimsoll global ignore=KSV001\n").of("PLM-K001", &["KSV-0001"])(1));
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
            assert_eq!(proper(left) == proper(right), equal, "{left} {right}");
        }
    }
}
