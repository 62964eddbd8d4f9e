//! The package lists of apt stay in the image.

use model::severity::Severity;

use super::packages::mounts;
use crate::dockerfile::{Dockerfile, Rule, ShellCommand, Step};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D011",
    aliases: &["DL3009", "DKL-DI-0005"],
    severity: Severity::Low,
    title: "The package lists of apt stay in the image",
    why: "They are tens of megabytes that nobody reads.",
    fix: "End the same RUN with `rm -rf /var/lib/apt/lists/*`, or mount a cache there.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.*\n",
    good: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.* && rm -rf /var/lib/apt/lists/*\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let counts = |step: &&Step<'_>| does(step, "install") && !does(step, "update");
    let counting = document.steps().filter(counts).map(|step| step.line).max().unwrap_or_default();
    // What earlier stages leave behind is not in the image.
    for step in document.lineage().into_iter().flat_map(|stage| &stage.steps) {
        let updates = |command: &&ShellCommand| is_apt(command) && command.operands().next() == Some("update");
        let removes = |command: &ShellCommand| {
            command.program() == "rm"
                && command.operands().any(|path| path.starts_with("/var/lib/apt") || path.starts_with("/var/lib/{apt"))
        };
        let Some(update) = step.commands.iter().find(updates) else { continue };
        if !step.commands.iter().any(removes) && !mounts(step, "/var/lib/apt") {
            hits.push(Hit::at(update.line).mended_by(removed(step, counting)));
        }
    }
    hits
}

/// The lists may go where this RUN installs from them and none after it, the last of which is in a line, counts on them.
fn removed(step: &Step<'_>, counting: usize) -> Option<Edit> {
    let plain = step.commands.iter().filter(|command| is_apt(command)).all(ShellCommand::is_plain);
    let append = step.append.as_ref().filter(|_| does(step, "install") && plain && counting <= step.line)?;
    Some(append.edit("rm -rf /var/lib/apt/lists/*"))
}

fn is_apt(command: &ShellCommand) -> bool {
    matches!(command.program(), "apt-get" | "apt" | "aptitude")
}

fn does(step: &Step<'_>, verb: &str) -> bool {
    step.commands.iter().filter(|command| is_apt(command)).any(|command| command.operands().next() == Some(verb))
}
