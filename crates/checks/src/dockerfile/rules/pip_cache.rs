//! pip keeps what it fetched in the image.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::packages::{is_pip, mounts};
use crate::dockerfile::Step;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D030",
    aliases: &["DL3042"],
    severity: Severity::Low,
    title: "pip keeps what it fetched in the image",
    why: "It doubles the size of what is installed.",
    fix: "Add `--no-cache-dir`, or mount a cache at `~/.cache/pip`.",
    link: "https://pip.pypa.io/en/stable/topics/caching/",
    check,
    bad: "FROM python:3.12\nRUN pip install requests==2.32.3\n",
    good: "FROM python:3.12\nRUN pip install --no-cache-dir requests==2.32.3\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let told =
        |step: &Step<'_>| matches!(&step.instruction, Instruction::Env(env) if env.arguments.value.contains("PIP_NO_CACHE_DIR"));
    for stage in &document.stages {
        if stage.steps.iter().any(told) {
            continue;
        }
        for step in &stage.steps {
            let installs =
                step.commands.iter().filter(|command| is_pip(command) && command.operands().any(|word| word == "install"));
            let keeps = installs.filter(|command| {
                !command.has_flag(&["--no-cache-dir"]) && !command.words.iter().any(|word| word.starts_with("PIP_NO_CACHE_DIR="))
            });
            hits.extend(
                keeps
                    .filter(|_| !mounts(step, "cache/pip") && !mounts(step, "/.cache"))
                    .map(|command| Hit::at(command.line).mended_by(command.insert_after("install", "--no-cache-dir"))),
            );
        }
    }
    hits
}
