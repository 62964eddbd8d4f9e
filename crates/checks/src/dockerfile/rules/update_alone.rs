//! Packages or their lists are brought up to date in a RUN of their own.

use model::severity::Severity;

use crate::dockerfile::ShellCommand;
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
    let mut hits = Vec::new();
    for step in document.steps() {
        let is = |command: &ShellCommand, verbs: &[&str]| {
            matches!(command.program(), "apt-get" | "apt" | "apk" | "yum" | "dnf" | "zypper")
                && command.operands().next().is_some_and(|verb| verbs.contains(&verb))
        };
        let updates =
            |command: &&ShellCommand| is(command, &["update"]) || (command.program() == "zypper" && is(command, &["up"]));
        let Some(update) = step.commands.iter().find(updates) else { continue };
        let uses = [
            "install",
            "in",
            "add",
            "upgrade",
            "dist-upgrade",
            "full-upgrade",
            "build-dep",
            "builddep",
            "source",
            "download",
            "satisfy",
            "groupinstall",
            "localinstall",
            "reinstall",
            "source-install",
            "module",
            "group",
        ];
        // A program that installs further packages by itself may be any.
        if step.commands.iter().all(|command| !is(command, &uses) && !command.program().contains('.')) {
            hits.push(Hit::at(update.line));
        }
    }
    hits
}
