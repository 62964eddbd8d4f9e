//! RUN upgrades the whole distribution.

use model::severity::Severity;

use crate::commands::upgrades_distribution;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D040",
    aliases: &["DL3035", "DS-0024", "DKL-DI-0003"],
    severity: Severity::Low,
    title: "RUN upgrades the whole distribution",
    why: "What is in the image depends on the day of the build; a newer base image holds the same fixes for all.",
    fix: "Build on a newer base image, and name the packages that must be newer.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: "FROM debian:12\nRUN apt-get dist-upgrade -y\n",
    good: "FROM debian:12.9\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    document.commands().filter(|command| upgrades_distribution(command)).map(|command| Hit::at(command.line)).collect()
}
