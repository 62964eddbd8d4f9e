//! A label that holds a version holds none.

use model::severity::Severity;

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D062",
    aliases: &["DL3056"],
    severity: Severity::Negligible,
    title: "A label that holds a version holds none",
    why: "What is built from it tomorrow says the same of itself.",
    fix: "Write the version of what is packaged, as in `1.4.2`.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: "FROM debian:12\nLABEL org.opencontainers.image.version=latest\n",
    good: "FROM debian:12\nLABEL org.opencontainers.image.version=1.4.2\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |name, value| {
        name == "version" && !value.is_empty() && !value.contains(|one: char| one.is_ascii_digit())
    })
}
