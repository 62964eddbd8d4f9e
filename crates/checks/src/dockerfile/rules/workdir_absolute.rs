//! WORKDIR is relative.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D001",
    aliases: &["DL3000", "DS-0009"],
    severity: Severity::Medium,
    title: "WORKDIR is relative",
    why: "Where a relative folder lies depends on every WORKDIR before it, those of the base image included.",
    fix: "Write the whole path, as in `WORKDIR /app`.",
    link: "https://docs.docker.com/reference/dockerfile/#workdir",
    check,
    bad: "FROM debian:12\nWORKDIR app\n",
    good: "FROM debian:12\nWORKDIR /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Workdir(workdir) = &step.instruction else { continue };
        let path = workdir.arguments.value.trim_matches(['"', '\'']);
        let windows = path.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
        if !path.starts_with(['/', '$']) && !windows {
            hits.push(Hit::about(step.line, path));
        }
    }
    hits
}
