//! ADD fetches a file without its digest.

use model::severity::Severity;
use parse_dockerfile::{Instruction, Source};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D038",
    aliases: &[],
    severity: Severity::Medium,
    title: "ADD fetches a file without its digest",
    why: "Another file tomorrow goes unnoticed.",
    fix: "Add `--checksum=sha256:…`.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check,
    bad: "FROM debian:12\nADD https://a.example.com/tool /tool\n",
    good: "FROM debian:12\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://a.example.com/tool /tool\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Add(add) = &step.instruction else { continue };
        let checked = add.options.iter().any(|flag| flag.name.value.eq_ignore_ascii_case("checksum"));
        let fetched = add.src.iter().filter_map(|source| match source {
            Source::Path(path) if path.value.starts_with("http://") || path.value.starts_with("https://") => {
                Some(path.value.as_ref())
            }
            _ => None,
        });
        // Repositories are checked by their commit.
        hits.extend(
            fetched.filter(|address| !checked && !address.contains(".git")).map(|address| Hit::about(step.line, address)),
        );
    }
    hits
}
