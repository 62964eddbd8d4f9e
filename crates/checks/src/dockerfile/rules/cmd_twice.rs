//! A stage has several CMD.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::base::without_effect;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D015",
    aliases: &["DL4003", "DS-0016"],
    severity: Severity::Medium,
    title: "A stage has several CMD",
    why: "Only the last one counts; the others mislead.",
    fix: "Keep the last CMD of the stage.",
    link: "https://docs.docker.com/reference/dockerfile/#cmd",
    check,
    bad: r#"FROM debian:12
CMD ["a"]
CMD ["b"]
"#,
    good: r#"FROM debian:12
CMD ["b"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    without_effect(document, |instruction| matches!(instruction, Instruction::Cmd(_)))
}
