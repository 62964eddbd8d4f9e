//! COPY takes the whole file system of another stage.

use model::severity::Severity;
use parse_dockerfile::{Instruction, Source};

use super::base::from;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D070",
    aliases: &["DL3067"],
    severity: Severity::Low,
    title: "COPY takes the whole file system of another stage",
    why: "Whatever that stage built with comes along, caches and secrets included.",
    fix: "Copy the files that are needed, or go on with `FROM` that stage.",
    link: "https://docs.docker.com/build/building/multi-stage/",
    check,
    bad: "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build / /\n",
    good: "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /app /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let (Instruction::Copy(copy), Some(stage)) = (&step.instruction, from(step)) else { continue };
        let root = |path: &str| path.starts_with('/') && path.chars().all(|one| matches!(one, '/' | '.'));
        let whole = copy.src.iter().any(|source| matches!(source, Source::Path(path) if root(&path.value)));
        if whole && root(&copy.dest.value) {
            hits.push(Hit::about(step.line, stage));
        }
    }
    hits
}
