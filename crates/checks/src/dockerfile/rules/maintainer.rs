//! MAINTAINER is deprecated.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D032",
    aliases: &["DL4000", "DS-0022"],
    severity: Severity::Low,
    title: "MAINTAINER is deprecated",
    why: "Builders warn of it and will take it out.",
    fix: r#"Use a label, as in `LABEL org.opencontainers.image.authors="…"`."#,
    link: "https://docs.docker.com/reference/dockerfile/#maintainer-deprecated",
    check,
    bad: "FROM debian:12\nMAINTAINER a@example.com\n",
    good: r#"FROM debian:12
LABEL org.opencontainers.image.authors="a@example.com"
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    // ONBUILD may not put it off, which is a rule of its own.
    let steps = document.steps().filter(|step| !step.onbuild && matches!(&step.instruction, Instruction::Maintainer(_)));
    steps.map(|step| Hit::at(step.line)).collect()
}
