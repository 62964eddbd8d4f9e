//! apt-get installs what is only recommended.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D018",
    aliases: &["DL3015", "DS-0029"],
    severity: Severity::Low,
    title: "apt-get installs what is only recommended",
    why: "Packages that nobody asked for bring size and weaknesses.",
    fix: "Add `--no-install-recommends`.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: "FROM debian:12\nRUN apt-get install -y curl=7.88.*\n",
    good: "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl=7.88.*\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "apt-get") {
        let installs = command.operands().any(|word| word == "install");
        let told = command.arguments().iter().any(|word| word.to_ascii_lowercase().contains("install-recommends"));
        if installs && !told {
            hits.push(Hit::at(command.line).mended_by(command.insert_after("install", "--no-install-recommends")));
        }
    }
    hits
}
