//! RUN changes the folder for a single command.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D004",
    aliases: &["DL3003", "DS-0013"],
    severity: Severity::Low,
    title: "RUN changes the folder for a single command",
    why: "The next RUN starts in the old folder again, which is easily overlooked.",
    fix: "Use WORKDIR.",
    link: "https://docs.docker.com/reference/dockerfile/#workdir",
    check,
    bad: "FROM debian:12\nRUN cd /app\n",
    good: "FROM debian:12\nWORKDIR /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let cds = document.commands().filter(|command| command.program() == "cd" && command.operands().count() <= 1);
    cds.map(|command| Hit::at(command.line)).collect()
}
