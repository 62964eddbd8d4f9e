//! apt-get install waits for an answer.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D017",
    aliases: &["DL3014", "DS-0021"],
    severity: Severity::Medium,
    title: "apt-get install waits for an answer",
    why: "Nobody answers in a build, so it fails.",
    fix: "Add `-y`.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: "FROM debian:12\nRUN apt-get install --no-install-recommends curl=7.88.*\n",
    good: "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl=7.88.*\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "apt-get") {
        let installs = command.operands().any(|word| word == "install");
        let quiet = command.arguments().iter().filter(|word| *word == "-q" || *word == "--quiet").count() > 1;
        if installs && !quiet && !command.has_flag(&["-y", "--yes", "--assume-yes", "-qq", "-q=2", "--force-yes"]) {
            hits.push(Hit::at(command.line).mended_by(command.insert_after("install", "-y")));
        }
    }
    hits
}
