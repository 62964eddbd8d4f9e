//! Files of manifests: each document is told by its content and checked by the rules of its kind.

use crate::compose;
use crate::found::Found;
use crate::kubernetes::{self, Object};
use crate::yaml::{self, Ignored, MAX_SIZE, Node, Problem};

/// Checks every document of a file that is a manifest.
pub fn check(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    if bytes.len() > MAX_SIZE {
        let message = format!("is part of a file larger than {} MB, of which nothing was read", MAX_SIZE >> 20);
        let problem = Problem { line: 1, message, template: false };
        // Data may be of any size.
        let told = if looks_like_manifest(&bytes[..MAX_SIZE]) { &mut found.problems } else { &mut found.unreadable };
        told.push(problem);
        return found;
    }
    let ignored = Ignored::read(&String::from_utf8_lossy(bytes));
    for (line, part) in yaml::split(bytes) {
        if found.is_full_at(line) {
            break;
        }
        for document in yaml::read(part, line) {
            match document {
                Ok(document) if is_manifest(&document.root, &ignored, &mut found) => {
                    found.manifests += 1;
                    found.problems.extend(document.problems);
                }
                Ok(_) => found.others += 1,
                // What was meant to be no manifest may be whatever it is.
                Err(problem) if looks_like_manifest(part) => {
                    found.manifests += 1;
                    found.problems.push(problem);
                }
                Err(problem) => {
                    found.others += 1;
                    found.unreadable.push(problem);
                }
            }
        }
    }
    found.sort();
    found
}

/// Whether a file may hold a manifest at all, told without reading it.
pub fn may_be(bytes: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    has("apiVersion") && has("kind") || has("services")
}

fn is_manifest(root: &Node, ignored: &Ignored, found: &mut Found) -> bool {
    if root.get("kind").is_none() && compose::is_compose(root) {
        compose::check(root, ignored, found);
        return true;
    }
    let objects = Object::all(root);
    for object in &objects {
        kubernetes::check(object, ignored, found);
    }
    !objects.is_empty()
}

/// Whether a text that cannot be read has the keys of a manifest.
fn looks_like_manifest(part: &[u8]) -> bool {
    let has = |key: &str| {
        part.split(|byte| *byte == b'\n').any(|line| {
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            // JSON may stand further in, but in quotes.
            let line = line.trim_ascii_start().strip_prefix(b"\"").unwrap_or(line);
            line.strip_prefix(key.as_bytes()).is_some_and(|rest| matches!(rest.first(), Some(b':' | b'"')))
        })
    };
    has("apiVersion") && has("kind") || has("services")
}
