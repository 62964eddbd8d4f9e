//! yarn leaves its cache in the image.

use model::severity::Severity;

use super::packages::mounts;
use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D065",
    aliases: &["DL3060"],
    severity: Severity::Low,
    title: "yarn leaves its cache in the image",
    why: "It holds every package a second time.",
    fix: "End the same RUN with `yarn cache clean`, or mount a cache there.",
    link: "https://classic.yarnpkg.com/en/docs/cli/cache",
    check,
    bad: "FROM node:22\nRUN yarn install\n",
    good: "FROM node:22\nRUN yarn install && yarn cache clean\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    // What earlier stages leave behind is not in the image.
    for step in document.lineage().into_iter().flat_map(|stage| &stage.steps) {
        let installs = |command: &ShellCommand| command.program() == "yarn" && command.operands().any(|word| word == "install");
        let cleans = |command: &ShellCommand| {
            let of_yarn = command.program() == "yarn" && command.operands().take(2).eq(["cache", "clean"]);
            of_yarn
                || (command.program() == "rm" && command.operands().any(|path| path.contains(".cache") || path.contains("yarn")))
        };
        let Some(last) = step.commands.iter().rposition(installs) else { continue };
        let mounted = mounts(step, "/yarn") || mounts(step, "/.yarn") || mounts(step, "/.cache");
        if !mounted && !step.commands[last..].iter().any(cleans) {
            let edit = step.append.as_ref().filter(|_| step.commands[last].is_plain());
            hits.push(Hit::at(step.commands[last].line).mended_by(edit.map(|append| append.edit("yarn cache clean"))));
        }
    }
    hits
}
