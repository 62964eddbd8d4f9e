//! A corpus of secrets, and of what looks like them, to measure scanners with.
//!
//! Every value is drawn anew from a seed in the format that its issuer publishes, checksums included, so that nothing in this
//! repository is a secret and no scanner can have learned the values. The rules of scanners were not looked at.
mod azure;
mod block;
mod checksum;
mod context;
mod document;
mod draft;
mod encode;
mod key;
mod kinds;
mod name;
mod negative;
mod positive;
mod several;
mod shape;
mod template;
mod token;

use crate::mutate::Random;
use serde_json::{Value, json};
use std::path::Path;

/// Files with secrets and files without.
#[derive(Debug)]
pub struct Corpus {
    /// All files, those with secrets first.
    pub files: Vec<CorpusFile>,
}

/// A file of the corpus.
#[derive(Debug)]
pub struct CorpusFile {
    /// Where it lies below the scanned folder.
    pub path: String,
    /// What it is: the context of its secrets, or what in it only looks like one.
    pub about: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The secrets in it; none where every report on it is wrong.
    pub expected: Vec<Expected>,
}

/// A secret in a file.
#[derive(Debug)]
pub struct Expected {
    /// What it opens, and how it is written.
    pub kind: &'static str,
    /// The line on which it begins, from 1; none where the file is encoded as a whole, so that its lines say nothing.
    pub line: Option<usize>,
    /// The line on which it ends.
    pub end_line: Option<usize>,
    /// The secret as it is, whatever the file makes of it.
    pub value: String,
}

/// The corpus that belongs to a seed.
pub fn corpus(seed: u64) -> Corpus {
    let mut random = Random::new(seed);
    let mut files = positive::files(&mut random);
    files.extend(negative::files(&mut random));
    for (place, file) in files.iter_mut().enumerate() {
        // A folder of its own for each, so that the names in it are the natural ones.
        file.path = format!("{place:04}/{}", file.path);
    }
    Corpus { files }
}

impl Corpus {
    /// Writes all files below `folder`/files, and what is in them to `folder`/labels.json.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for file in &self.files {
            let path = folder.join("files").join(&file.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &file.bytes)?;
        }
        std::fs::write(folder.join("labels.json"), format!("{:#}\n", self.labels()))
    }

    fn labels(&self) -> Value {
        let files = self.files.iter().map(|file| {
            let expected = file.expected.iter().map(
                |secret| json!({"kind": secret.kind, "line": secret.line, "endLine": secret.end_line, "value": secret.value}),
            );
            json!({"path": file.path, "about": file.about, "expected": expected.collect::<Value>()})
        });
        json!({"files": files.collect::<Value>()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_says_all() {
        let (one, two, other) = (corpus(1), corpus(1), corpus(2));
        assert!(one.files.iter().zip(&two.files).all(|(left, right)| left.path == right.path && left.bytes == right.bytes));
        assert_eq!(one.labels(), two.labels());
        assert!(one.files.iter().zip(&other.files).any(|(left, right)| left.bytes != right.bytes));
    }

    #[test]
    fn it_is_large_and_names_are_unique() {
        let corpus = corpus(1);
        let (with, without): (Vec<_>, Vec<_>) = corpus.files.iter().partition(|file| !file.expected.is_empty());
        let kinds: BTreeSet<&str> = with.iter().flat_map(|file| &file.expected).map(|secret| secret.kind).collect();
        let abouts: BTreeSet<&str> = without.iter().map(|file| file.about).collect();
        assert!(with.len() >= 1_200 && without.len() >= 1_200, "{} with, {} without", with.len(), without.len());
        assert!(kinds.len() >= 170 && abouts.len() >= 170, "{} kinds, {} kinds of others", kinds.len(), abouts.len());
        let paths: BTreeSet<&str> = corpus.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), corpus.files.len());
        let mut names: Vec<&str> = kinds::all().map(|kind| kind.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    /// Where a secret stands as it is, it stands on its line.
    #[test]
    fn lines_hold_their_secrets() {
        let mut seen = 0;
        for file in corpus(3).files {
            let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
            for secret in &file.expected {
                let (Some(line), Some(end)) = (secret.line, secret.end_line) else { continue };
                assert!(line <= end && end <= text.lines().count().max(1), "{} {}", file.path, secret.kind);
                if line == end && text.contains(&secret.value) {
                    assert!(text.lines().nth(line - 1).unwrap().contains(&secret.value), "{} {}", file.path, secret.kind);
                    seen += 1;
                }
            }
        }
        assert!(seen > 800, "{seen}");
    }
}
