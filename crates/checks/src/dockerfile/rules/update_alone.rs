//! Packages or their lists are brought up to date in a RUN of their own.

use model::severity::Severity;

use crate::commands::updates_alone;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D035",
    aliases: &["DS-0017", "CIS-DI-0007"],
    severity: Severity::Medium,
    title: "Packages or their lists are brought up to date in a RUN of their own",
    why: "The layer is cached and stays as old as its first build, and so does what is installed later.",
    fix: "Update and install in one RUN.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: "FROM debian:12\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n",
    good: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.* && rm -rf /var/lib/apt/lists/*\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    document.steps().filter_map(|step| updates_alone(&step.commands)).map(|command| Hit::at(command.line)).collect()
}
