//! ENV or ARG holds what looks like a secret.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;
use crate::secret;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D036",
    aliases: &["DL3064", "DS-0031", "CIS-DI-0010"],
    severity: Severity::High,
    title: "ENV or ARG holds what looks like a secret",
    why: "Whoever has the image reads both in its history and configuration.",
    fix: "Mount it, as in `RUN --mount=type=secret,id=token …`.",
    link: "https://docs.docker.com/build/building/secrets/",
    check,
    bad: "FROM debian:12\nENV API_TOKEN=abc123\n",
    good: "FROM debian:12\nRUN --mount=type=secret,id=token true\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.global_args.iter().chain(document.steps()) {
        let text = match &step.instruction {
            Instruction::Env(env) => &env.arguments.value,
            Instruction::Arg(arg) => &arg.arguments.value,
            _ => continue,
        };
        let name = |word: &str| word.split('=').next().unwrap_or_default().trim().to_owned();
        let is_arg = matches!(&step.instruction, Instruction::Arg(_));
        // `ENV NAME value` is one name, whatever follows.
        let words = text.split_whitespace().take(if is_arg || text.contains('=') { usize::MAX } else { 1 });
        let names = words.filter(|word| is_arg || !text.contains('=') || word.contains('=')).map(name);
        // Only names are shown, never what they hold.
        hits.extend(names.filter(|name| secret::is_name(name)).map(|name| Hit::about(step.line, name)));
    }
    hits
}
