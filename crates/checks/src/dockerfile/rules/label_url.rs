//! A label that holds an address holds none.

use model::severity::Severity;

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D058",
    aliases: &["DL3052"],
    severity: Severity::Negligible,
    title: "A label that holds an address holds none",
    why: "Registries and scanners read it as that, and show or follow nothing otherwise.",
    fix: "Write the whole address, as in `https://github.com/example/shop`.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: "FROM debian:12\nLABEL org.opencontainers.image.source=github.com/example/shop\n",
    good: "FROM debian:12\nLABEL org.opencontainers.image.source=https://github.com/example/shop\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |name, value| {
        matches!(name, "url" | "source" | "documentation") && !value.is_empty() && !is_address(value)
    })
}

/// A scheme, and something after it.
fn is_address(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, rest)| {
        let allowed = |one: char| one.is_ascii_alphanumeric() || matches!(one, '+' | '-' | '.');
        scheme.starts_with(|one: char| one.is_ascii_alphabetic())
            && scheme.chars().all(allowed)
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}
