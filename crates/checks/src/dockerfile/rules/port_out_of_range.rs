//! EXPOSE names a port that there cannot be.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D012",
    aliases: &["DL3011", "DS-0008"],
    severity: Severity::High,
    title: "EXPOSE names a port that there cannot be",
    why: "Ports go from 0 to 65535; the build fails or the port is never reached.",
    fix: "Name a port up to 65535.",
    link: "https://docs.docker.com/reference/dockerfile/#expose",
    check,
    bad: "FROM debian:12\nEXPOSE 80000\n",
    good: "FROM debian:12\nEXPOSE 8000\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Expose(expose) = &step.instruction else { continue };
        let ports = expose.arguments.iter().flat_map(|argument| argument.value.split('/').next().unwrap_or_default().split('-'));
        let numbers = ports.filter(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
        hits.extend(numbers.filter(|port| port.parse::<u16>().is_err()).map(|port| Hit::about(step.line, port)));
    }
    hits
}
