//! A label of the image specification is empty.

use model::severity::Severity;

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D057",
    aliases: &["DL3051"],
    severity: Severity::Negligible,
    title: "A label of the image specification is empty",
    why: "It says that something is known, and then not what.",
    fix: "Fill it, or leave it out.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: r#"FROM debian:12
LABEL org.opencontainers.image.title=""
"#,
    good: r#"FROM debian:12
LABEL org.opencontainers.image.title="Shop"
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |_, value| value.is_empty())
}
