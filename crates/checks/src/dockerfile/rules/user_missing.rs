//! No stage that the image is made of has a USER.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D003",
    aliases: &["DS-0002", "CIS-DI-0001"],
    severity: Severity::Medium,
    title: "No USER is set, so the image runs as its base does, mostly as root",
    why: "What breaks out of a process that is root in the container is root in far more.",
    fix: "Make a user and end with it, as in `USER 10001`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"FROM debian:12
CMD ["sh"]
"#,
    good: r#"FROM debian:12
USER 10001
CMD ["sh"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let lineage = document.lineage();
    let (Some(last), Some(first)) = (lineage.first(), lineage.last()) else { return Vec::new() };
    // A stage goes on with the user of the stage it is built on.
    let mut steps = lineage.iter().flat_map(|stage| &stage.steps);
    if steps.any(|step| !step.onbuild && matches!(&step.instruction, Instruction::User(_))) {
        return Vec::new();
    }
    // Tags of base images that have a user of their own say so by custom.
    let base = first.image();
    if base.contains("nonroot") || base.contains("rootless") {
        return Vec::new();
    }
    // What is built on nothing runs as root, too, unless it only holds files.
    let runs = |instruction: &Instruction<'_>| matches!(instruction, Instruction::Cmd(_) | Instruction::Entrypoint(_));
    let mut steps = lineage.iter().flat_map(|stage| &stage.steps);
    if base.eq_ignore_ascii_case("scratch") && !steps.any(|step| runs(&step.instruction)) {
        return Vec::new();
    }
    vec![Hit::at(last.line)]
}
