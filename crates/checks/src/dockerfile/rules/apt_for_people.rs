//! RUN uses apt, whose output and flags may change.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D025",
    aliases: &["DL3027"],
    severity: Severity::Low,
    title: "RUN uses apt, whose output and flags may change",
    why: "It is made for people at a terminal and says itself that scripts should not rely on it.",
    fix: "Use `apt-get` or `apt-cache`.",
    link: "https://manpages.debian.org/apt",
    check,
    bad: "FROM debian:12\nRUN apt show x\n",
    good: "FROM debian:12\nRUN apt-cache show x\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    document.commands().filter(|command| command.program() == "apt").map(|command| Hit::at(command.line)).collect()
}
