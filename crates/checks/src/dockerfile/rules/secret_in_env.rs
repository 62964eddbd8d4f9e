//! ENV or ARG holds what looks like a secret.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::pairs::pairs;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

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
        // Only names are shown, never what they hold.
        let keys = pairs(text).into_iter().map(|pair| pair.key);
        hits.extend(keys.filter(|name| is_secret(name)).map(|name| Hit::about(step.line, name)));
    }
    hits
}

/// What a name ends with that is about secrets and holds none.
const ABOUT: &[&str] = &[
    "FILE",
    "PATH",
    "DIR",
    "URL",
    "URI",
    "ENDPOINT",
    "ID",
    "NAME",
    "TTL",
    "TIMEOUT",
    "EXPIRY",
    "ENABLED",
    "LENGTH",
    "VERSION",
    "TYPE",
    "HEADER",
    "PREFIX",
    "LIMIT",
    "HASH",
    "ALGORITHM",
];
const WORDS: &[&str] = &["TOKEN", "CREDENTIALS", "CREDENTIAL", "PSW", "PWORD", "PWD"];
const ENDS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "SECRETS", "APIKEY", "AUTHTOKEN"];
const PAIRS: &[&str] = &[
    "API_KEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "ENCRYPTION_KEY",
    "SIGNING_KEY",
    "MASTER_KEY",
    "CLIENT_KEY",
    "AUTH_KEY",
    "DEPLOY_KEY",
    "ACCOUNT_KEY",
];

/// Whether a variable of this name holds a secret by custom. Files, addresses and switches about secrets hold none.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split(['_', '-', '.']).collect();
    // The folder a shell is in.
    if matches!(name.as_str(), "PWD" | "OLDPWD") || words.last().is_some_and(|last| ABOUT.contains(last)) {
        // But for the two halves of one key.
        return name == "AWS_ACCESS_KEY_ID";
    }
    words.iter().any(|word| WORDS.contains(word) || ENDS.iter().any(|end| word.ends_with(end)))
        || PAIRS.iter().any(|pair| name.contains(pair)) && !words.contains(&"PUBLIC")
}
