//! ADD where COPY does.

use model::severity::Severity;
use parse_dockerfile::{Instruction, Source};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

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
    for step in document.steps() {
        let Instruction::Add(add) = &step.instruction else { continue };
        let mut paths = add.src.iter().filter_map(|source| match source {
            Source::Path(path) => Some(path.value.as_ref()),
            _ => None,
        });
        if paths.any(|path| !is_fetched(path) && !is_archive(path)) {
            hits.push(Hit::at(step.line));
        }
    }
    hits
}

/// What ADD fetches: addresses and repositories; build arguments may be either.
fn is_fetched(path: &str) -> bool {
    ["http://", "https://", "git@", "git://", "ssh://", "$"].iter().any(|start| path.starts_with(start))
}

/// What ADD unpacks; a pattern may name one.
fn is_archive(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    [".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lzma", ".z"].iter().any(|end| name.ends_with(end))
        || name.contains(".tar")
}
