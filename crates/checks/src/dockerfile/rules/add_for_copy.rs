//! ADD where COPY does.

use model::severity::Severity;
use parse_dockerfile::{AddInstruction, Instruction, Source};

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
    for step in document.steps() {
        let Instruction::Add(add) = &step.instruction else { continue };
        let mut paths = add.src.iter().filter_map(|source| match source {
            Source::Path(path) => Some(path.value.as_ref()),
            _ => None,
        });
        if paths.any(|path| !is_fetched(path) && !is_archive(path)) {
            hits.push(Hit::at(step.line).mended_by(copied(add)));
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
