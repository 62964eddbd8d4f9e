//! RUN uses sudo.

use model::severity::Severity;

use crate::commands::is_sudo;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D005",
    aliases: &["DL3004", "DS-0010", "DKL-DI-0001"],
    severity: Severity::High,
    title: "RUN uses sudo",
    why: "Builds run as the user that USER sets; sudo brings a program that gives root away into the image.",
    fix: "Switch with USER, or drop to another user by `setpriv` or `gosu`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: "FROM debian:12\nRUN sudo make install\n",
    good: "FROM debian:12\nRUN make install\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    document.commands().filter(|command| is_sudo(command)).map(|command| Hit::at(command.line)).collect()
}
