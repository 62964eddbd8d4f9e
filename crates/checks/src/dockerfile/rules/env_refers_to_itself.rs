//! ENV uses a variable that the same instruction sets.

use std::collections::HashSet;

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::pairs::{arguments, pairs, variables};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D053",
    aliases: &["DL3044"],
    severity: Severity::Medium,
    title: "ENV uses a variable that the same instruction sets",
    why: "It is replaced by what it held before, mostly by nothing: all values are read before any is set.",
    fix: "Set it in an ENV of its own that stands before.",
    link: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    check,
    bad: "FROM debian:12\nENV HOME_DIR=/app LOG_DIR=$HOME_DIR/log\n",
    good: "FROM debian:12\nENV HOME_DIR=/app\nENV LOG_DIR=$HOME_DIR/log\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for step in document.global_args.iter().chain(document.steps()) {
        match &step.instruction {
            Instruction::Env(env) => {
                let pairs = pairs(&env.arguments.value);
                for (number, pair) in pairs.iter().enumerate() {
                    let others = || pairs.iter().enumerate().filter(|(other, _)| *other != number);
                    let used = others().any(|(_, other)| variables(other.raw).any(|name| name == pair.key));
                    // One that had a value before may be meant.
                    if used && !known.contains(&pair.key) {
                        hits.push(Hit::about(step.line, &pair.key));
                    }
                }
                known.extend(pairs.into_iter().map(|pair| pair.key));
            }
            Instruction::Arg(arg) => {
                known.extend(arguments(&arg.arguments.value).into_iter().map(|pair| pair.key));
            }
            _ => {}
        }
    }
    hits
}
