//! The key of a label is none that Docker recommends.

use model::severity::Severity;

use super::labels::labels;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D056",
    aliases: &["DL3048"],
    severity: Severity::Negligible,
    title: "The key of a label is none that Docker recommends",
    why: "Tools that select by labels expect lower case, and some namespaces are reserved for Docker.",
    fix: "Write lower-case letters and digits with single dots, hyphens, underscores or slashes between them, as in `com.example.build-date`.",
    link: "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
    check,
    bad: "FROM debian:12\nLABEL Version=1.2.3\n",
    good: "FROM debian:12\nLABEL version=1.2.3\n",
};

/// Namespaces of Docker's own.
const RESERVED: &[&str] = &["com.docker.", "io.docker.", "org.dockerproject."];
/// Keys in them that Docker asks images for: extensions of its desktop.
const ASKED_FOR: &[&str] = &["com.docker.extension.", "com.docker.desktop."];

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (line, label) in labels(document) {
        if !label.key.contains('$') && !is_recommended(&label.key) {
            hits.push(Hit::about(line, label.key));
        }
    }
    hits
}

fn is_recommended(key: &str) -> bool {
    let starts = |namespaces: &[&str]| namespaces.iter().any(|namespace| key.starts_with(namespace));
    let plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit();
    key.starts_with(|one: char| one.is_ascii_lowercase())
        && key.ends_with(plain)
        && key.chars().all(|one| plain(one) || matches!(one, '.' | '-' | '_' | '/'))
        && !key.contains("..")
        && !key.contains("--")
        && (!starts(RESERVED) || starts(ASKED_FOR))
}
