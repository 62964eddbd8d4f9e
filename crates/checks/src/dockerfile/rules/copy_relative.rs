//! COPY to a relative path without a WORKDIR.

use model::severity::Severity;
use parse_dockerfile::Instruction;
use std::collections::HashSet;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D031",
    aliases: &["DL3045"],
    severity: Severity::Low,
    title: "COPY to a relative path without a WORKDIR",
    why: "It lands wherever the base image happens to stand.",
    fix: "Set WORKDIR first, or write the whole path.",
    link: "https://docs.docker.com/reference/dockerfile/#copy",
    check,
    bad: "FROM debian:12\nCOPY a b\n",
    good: "FROM debian:12\nWORKDIR /app\nCOPY a b\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut with_workdir: HashSet<String> = HashSet::new();
    for stage in &document.stages {
        // A stage goes on in the folder of the stage it is built on.
        let mut known = with_workdir.contains(&stage.image().to_ascii_lowercase());
        for step in &stage.steps {
            match &step.instruction {
                Instruction::Workdir(_) => known = true,
                Instruction::Copy(copy) if !known => {
                    let dest = copy.dest.value.trim_matches('"');
                    let windows = dest.get(1..2) == Some(":");
                    if !dest.starts_with(['/', '$']) && !windows {
                        hits.push(Hit::about(step.line, dest));
                    }
                }
                _ => {}
            }
        }
        if known {
            with_workdir.extend(stage.name().map(str::to_ascii_lowercase));
        }
    }
    hits
}
