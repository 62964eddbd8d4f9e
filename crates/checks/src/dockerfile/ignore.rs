//! Comments that take rules out: `# plimsoll ignore=PLM-D001` and hadolint's `# hadolint ignore=DL3008,DL3009` for the
//! instruction that follows, `# hadolint global ignore=DL3008` for the whole file.

use crate::dockerfile::Rule;

/// What the comments of a file take out.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    /// The id, and the first and last line it is taken out of.
    places: Vec<(String, usize, usize)>,
}

impl Ignored {
    pub(super) fn read(text: &str) -> Self {
        let mut ignored = Self::default();
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((ids, global)) = pragma(line) else { continue };
            let (first, last) = if global { (1, usize::MAX) } else { following(&lines, number + 1) };
            ignored.places.extend(ids.map(|id| (id.to_ascii_uppercase(), first, last)));
        }
        ignored
    }

    pub(super) fn covers(&self, rule: &Rule, line: usize) -> bool {
        let names = |id: &str| rule.id == id || rule.aliases.contains(&id);
        self.places.iter().any(|(id, first, last)| (*first..=*last).contains(&line) && names(id))
    }
}

/// The ids that a comment takes out, and whether it does so in the whole file.
fn pragma(line: &str) -> Option<(impl Iterator<Item = &str>, bool)> {
    let comment = line.trim_start().strip_prefix('#')?.trim_start();
    let words = comment.strip_prefix("hadolint").or_else(|| comment.strip_prefix("plimsoll"))?.trim_start();
    let (words, global) = match words.strip_prefix("global") {
        Some(rest) => (rest.trim_start(), true),
        None => (words, false),
    };
    let ids = words.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    Some((ids.split([',', ' ', '\t']).filter(|id| !id.is_empty()), global))
}

/// The lines, from 1, of the instruction after some line: comments and empty lines are passed over, continued lines belong
/// to it.
fn following(lines: &[&str], from: usize) -> (usize, usize) {
    let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let Some(first) = (from..lines.len()).find(|number| !is_blank(lines[*number])) else { return (0, 0) };
    let mut last = first;
    while last + 1 < lines.len() && (lines[last].trim_end().ends_with(['\\', '`']) || is_blank(lines[last])) {
        last += 1;
    }
    (first + 1, last + 1)
}
