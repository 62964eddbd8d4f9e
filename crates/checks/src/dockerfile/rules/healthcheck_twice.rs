//! A stage has several HEALTHCHECK.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::base::without_effect;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D014",
    aliases: &["DL3012", "DS-0023"],
    severity: Severity::Medium,
    title: "A stage has several HEALTHCHECK",
    why: "Only the last one counts; the others mislead.",
    fix: "Keep the last HEALTHCHECK of the stage.",
    link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check,
    bad: r#"FROM debian:12
HEALTHCHECK CMD ["a"]
HEALTHCHECK CMD ["b"]
"#,
    good: r#"FROM debian:12
HEALTHCHECK CMD ["b"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    without_effect(document, |instruction| matches!(instruction, Instruction::Healthcheck(_)))
}
