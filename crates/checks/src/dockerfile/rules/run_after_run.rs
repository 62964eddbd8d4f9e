//! RUN follows RUN, each with one command.

use std::collections::BTreeSet;

use model::severity::Severity;
use parse_dockerfile::{Command, Instruction, RunInstruction};

use crate::dockerfile::{Dockerfile, Rule, Step};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D064",
    aliases: &["DL3059"],
    severity: Severity::Negligible,
    title: "RUN follows RUN, each with one command",
    why: "Each is a layer of its own, and what one removes stays in the layer of the other.",
    fix: "Join them with `&&`, or in a here-document.",
    link: "https://docs.docker.com/build/building/best-practices/#run",
    check,
    bad: "FROM debian:12\nRUN mkdir /app\nRUN chown 10001 /app\n",
    good: "FROM debian:12\nRUN mkdir /app && chown 10001 /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        for pair in stage.steps.windows(2) {
            let (Some(first), Some(second)) = (short(&pair[0]), short(&pair[1])) else { continue };
            if flags(first) == flags(second) {
                hits.push(Hit::at(pair[1].line));
            }
        }
    }
    hits
}

/// A RUN of no more than one command: whoever writes several into one knows how.
fn short<'s, 'a>(step: &'s Step<'a>) -> Option<&'s RunInstruction<'a>> {
    let Instruction::Run(run) = &step.instruction else { return None };
    let unread = step.commands.is_empty() && matches!(run.arguments, Command::Shell(_));
    let test = |program: &str| matches!(program, "" | "[" | "[[" | "test");
    let commands = step.commands.iter().filter(|command| !test(command.program())).count();
    (!step.onbuild && !unread && commands <= 1 && !step.here_document).then_some(run)
}

fn flags(run: &RunInstruction<'_>) -> BTreeSet<(String, String)> {
    let value = |flag: &parse_dockerfile::Flag<'_>| flag.value.as_ref().map(|value| value.value.to_string()).unwrap_or_default();
    run.options.iter().map(|flag| (flag.name.value.to_string(), value(flag))).collect()
}
