//! The image listens for SSH.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D013",
    aliases: &["DS-0004"],
    severity: Severity::Medium,
    title: "The image listens for SSH",
    why: "A shell over the network is one more door with its own keys and weaknesses; the engine has `exec`.",
    fix: "Take `EXPOSE 22` and the SSH server out.",
    link: "https://docs.docker.com/reference/cli/docker/container/exec/",
    check,
    bad: "FROM debian:12\nEXPOSE 22\n",
    good: "FROM debian:12\nEXPOSE 8080\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Expose(expose) = &step.instruction else { continue };
        if expose.arguments.iter().any(|port| matches!(port.value.as_ref(), "22" | "22/tcp")) {
            hits.push(Hit::at(step.line));
        }
    }
    hits
}
