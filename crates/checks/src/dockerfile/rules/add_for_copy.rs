//! ADD where COPY does.

use std::collections::HashMap;

use model::severity::Severity;
use parse_dockerfile::{AddInstruction, Instruction, Source};

use super::pairs::variables;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D020",
    aliases: &["DL3020", "DS-0005", "CIS-DI-0009"],
    severity: Severity::Low,
    title: "ADD where COPY does",
    why: "ADD unpacks archives and fetches addresses; what only copies should say so.",
    fix: "Write COPY.",
    link: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    check,
    bad: "FROM debian:12\nADD app /app\n",
    good: "FROM debian:12\nCOPY app /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let variables_of = document.variables();
    for step in document.steps() {
        let Instruction::Add(add) = &step.instruction else { continue };
        let mut paths = add.src.iter().filter_map(|source| match source {
            Source::Path(path) => Some(path.value.as_ref()),
            _ => None,
        });
        if paths.any(|path| is_plain(path, &variables_of)) {
            hits.push(Hit::at(step.line).mended_by(copied(add)));
        }
    }
    hits
}

/// Whether COPY would do. A variable is what this file says of it, else what its name says.
fn is_plain(path: &str, variables_of: &HashMap<String, String>) -> bool {
    let known = variables(path).next().and_then(|name| variables_of.get(name));
    let value = if path.starts_with('$') { known.map_or(path, String::as_str) } else { path };
    let fetched = if value.starts_with('$') {
        let name = value.to_ascii_uppercase();
        ["URL", "URI", "ADDRESS", "ARCHIVE", "TAR", "TGZ", "DOWNLOAD", "MIRROR"].iter().any(|word| name.contains(word))
    } else {
        is_fetched(value)
    };
    !fetched && !is_archive(value) && !is_archive(path)
}

/// What ADD fetches: addresses and repositories.
fn is_fetched(path: &str) -> bool {
    ["http://", "https://", "git@", "git://", "ssh://"].iter().any(|start| path.starts_with(start))
}

/// What ADD unpacks; a pattern may name one.
fn is_archive(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    [".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lzma", ".z"].iter().any(|end| name.ends_with(end))
        || name.contains(".tar")
}

/// COPY does the same where all sources are plain files and no flag is one of ADD alone.
fn copied(add: &AddInstruction<'_>) -> Option<Edit> {
    let plain = add.src.iter().all(|source| match source {
        Source::Path(path) => !is_fetched(&path.value) && !is_archive(&path.value) && !path.value.contains(['$', '*', '?']),
        _ => false,
    });
    let shared = |name: &str| matches!(name, "chown" | "chmod" | "link" | "exclude");
    let flags = add.options.iter().all(|flag| shared(&flag.name.value));
    (plain && flags).then(|| Edit { span: add.add.span.clone(), text: "COPY".to_owned() })
}
