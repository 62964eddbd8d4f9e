//! The last USER is root.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::Dockerfile;
use crate::rule::{Hit, Rule};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D002",
    aliases: &["DL3002", "DS-0002", "CIS-DI-0001"],
    severity: Severity::High,
    title: "The image runs as root",
    why: "What breaks out of a process that is root in the container is root in far more.",
    fix: "Make a user and end with it, as in `USER 10001`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"FROM debian:12
USER root
CMD ["sh"]
"#,
    good: r#"FROM debian:12
USER 10001
CMD ["sh"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let Some(stage) = document.last_stage() else { return Vec::new() };
    let mut users = stage.steps.iter().filter(|step| !step.onbuild).filter_map(|step| match &step.instruction {
        Instruction::User(user) => Some((step.line, user.arguments.value.as_ref())),
        _ => None,
    });
    match users.next_back() {
        Some((line, user)) if matches!(user.split(':').next(), Some("root" | "0")) => vec![Hit::at(line)],
        _ => Vec::new(),
    }
}
