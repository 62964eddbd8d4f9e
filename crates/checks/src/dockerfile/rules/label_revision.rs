//! A label that holds a revision holds no hash of git.

use model::severity::Severity;

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D061",
    aliases: &["DL3055"],
    severity: Severity::Negligible,
    title: "A label that holds a revision holds no hash of git",
    why: "Registries and scanners read it as that, and show or follow nothing otherwise.",
    fix: "Write what `git rev-parse HEAD` says.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: "FROM debian:12\nLABEL org.opencontainers.image.revision=main\n",
    good: "FROM debian:12\nLABEL org.opencontainers.image.revision=4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |name, value| name == "revision" && !value.is_empty() && !is_hash(value))
}

fn is_hash(value: &str) -> bool {
    (7..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}
