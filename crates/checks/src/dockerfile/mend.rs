//! Applies the edits that hits bring, and keeps those alone after which their rule is silent there and no other speaks up.

use std::collections::BTreeMap;

use super::{DockerfileError, Found, check};
use crate::rule::Edit;

/// Rounds: one edit may make room for the next at the same place.
const MAX_ROUNDS: usize = 8;
/// How often a text is checked anew in search of an edit that does harm; what is left then stays as it is.
const MAX_CHECKS: usize = 200;

/// A text after its edits.
#[derive(Debug)]
pub struct Mended {
    /// The whole of it.
    pub text: String,
    /// How many edits were made.
    pub edits: usize,
    /// What checking it finds.
    pub left: Found,
}

/// Mends what can be mended without judgement.
///
/// # Errors
/// Where the text is no Dockerfile.
pub fn mend(text: &str) -> Result<Mended, DockerfileError> {
    let left = check(text)?;
    let mut mended = Mended { text: text.to_owned(), edits: 0, left };
    let mut checks = MAX_CHECKS;
    for _ in 0..MAX_ROUNDS {
        let edits = apart(&mended.left);
        if edits.is_empty() || !mended.apply(&edits, &mut checks) {
            break;
        }
    }
    Ok(mended)
}

impl Mended {
    /// Makes these edits, which stand in the order of their places, or those of them that do no harm; whether there were some.
    fn apply(&mut self, edits: &[Edit], checks: &mut usize) -> bool {
        if edits.is_empty() || *checks == 0 {
            return false;
        }
        *checks -= 1;
        let text = edited(&self.text, edits);
        if let Ok(found) = check(&text)
            && is_better(&self.left, &found)
        {
            (self.text, self.left) = (text, found);
            self.edits += edits.len();
            return true;
        }
        // The later half first: it leaves the places of the other where they are.
        let (first, second) = edits.split_at(edits.len() / 2);
        edits.len() > 1 && {
            let second = self.apply(second, checks);
            self.apply(first, checks) || second
        }
    }
}

/// The edits of all hits in the order of their places; of those that touch one another, the first.
fn apart(found: &Found) -> Vec<Edit> {
    let mut edits: Vec<&Edit> = found.hits.iter().rev().filter_map(|(_, hit)| hit.edit.as_ref()).collect();
    // What comes later at the same place ends up before: `-y`, then what is rarer.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut apart: Vec<Edit> = Vec::new();
    for edit in edits {
        if apart.last().is_none_or(|last| last.span.end < edit.span.start) {
            apart.push(edit.clone());
        }
    }
    apart
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64 * edits.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Whether less is found than before, by no rule more, and all commands can still be read.
fn is_better(before: &Found, after: &Found) -> bool {
    let count = |found: &Found| {
        let mut number: BTreeMap<&'static str, usize> = BTreeMap::new();
        found.hits.iter().for_each(|(id, _)| *number.entry(id).or_default() += 1);
        number
    };
    let (old, new) = (count(before), count(after));
    let no_more = new.iter().all(|(id, number)| old.get(id).is_some_and(|before| number <= before));
    no_more
        && after.hits.len() < before.hits.len()
        && after.unread.len() <= before.unread.len()
        && after.ignored <= before.ignored
}
