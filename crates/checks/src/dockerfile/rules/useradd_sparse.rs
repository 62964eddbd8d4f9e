//! useradd with a high user id writes a huge log file.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D054",
    aliases: &["DL3046"],
    severity: Severity::Low,
    title: "useradd with a high user id writes a huge log file",
    why: "It fills /var/log/lastlog up to the place of that id, which makes the layer large.",
    fix: "Add `--no-log-init`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: "FROM debian:12\nRUN useradd -u 1234567 app\n",
    good: "FROM debian:12\nRUN useradd --no-log-init -u 1234567 app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let large = |command: &&ShellCommand| {
        command.program() == "useradd" && is_high(command.arguments()) && !command.has_flag(&["-l", "--no-log-init"])
    };
    document
        .commands()
        .filter(large)
        .map(|command| Hit::at(command.line).mended_by(command.insert_after("useradd", "--no-log-init")))
        .collect()
}

/// Whether the user's id has six digits or more.
fn is_high(arguments: &[String]) -> bool {
    let long = |id: &str| id.len() > 5 && id.bytes().all(|byte| byte.is_ascii_digit());
    let after = arguments.windows(2).any(|pair| {
        let flag = pair[0].as_str();
        (flag == "--uid" || (flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('u'))) && long(&pair[1])
    });
    after || arguments.iter().any(|word| ["--uid=", "-u"].iter().any(|flag| word.strip_prefix(flag).is_some_and(long)))
}
