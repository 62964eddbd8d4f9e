//! A stage has several ENTRYPOINT.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::base::without_effect;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D016",
    aliases: &["DL4004", "DS-0007"],
    severity: Severity::Medium,
    title: "A stage has several ENTRYPOINT",
    why: "Only the last one counts; the others mislead.",
    fix: "Keep the last ENTRYPOINT of the stage.",
    link: "https://docs.docker.com/reference/dockerfile/#entrypoint",
    check,
    bad: r#"FROM debian:12
ENTRYPOINT ["a"]
ENTRYPOINT ["b"]
"#,
    good: r#"FROM debian:12
ENTRYPOINT ["b"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    without_effect(document, |instruction| matches!(instruction, Instruction::Entrypoint(_)))
}
