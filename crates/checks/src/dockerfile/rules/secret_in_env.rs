//! ENV or ARG holds what looks like a secret.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::pairs::{Pair, arguments, pairs};
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
        let pairs = match &step.instruction {
            Instruction::Env(env) => pairs(&env.arguments.value),
            Instruction::Arg(arg) => arguments(&arg.arguments.value),
            _ => continue,
        };
        // Only names are shown, never what they hold.
        let file = |pair: &Pair<'_>| pair.key.ends_with("CREDENTIALS") && pair.value.starts_with('/');
        let is_secret = |pair: &Pair<'_>| !file(pair) && secret::is_name(&pair.key) || is_key(&pair.key, &pair.value);
        hits.extend(pairs.into_iter().filter(is_secret).map(|pair| Hit::about(step.line, pair.key)));
    }
    hits
}

/// Whether it is a key that nobody should know: no fingerprint of a public one, no file, no address.
fn is_key(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split(['_', '-', '.']).collect();
    let harmless = ["GPG", "PGP", "PUBLIC", "PUB", "CACHE", "SORT", "PARTITION", "PRIMARY", "REPO", "APT"];
    let value = value.trim();
    let fingerprint =
        value.trim_start_matches("0x").split_whitespace().all(|word| word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    words.last() == Some(&"KEY")
        && !words.iter().any(|word| harmless.contains(word))
        && !value.starts_with(['/', '.', '~'])
        && !value.contains("://")
        && (!fingerprint || value.len() < 16)
}
