//! RUN logs in, and what it logs in with stays in the image.

use model::severity::Severity;

use super::packages::mounts_type;
use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D075",
    aliases: &["DS-0031", "CIS-DI-0010"],
    severity: Severity::High,
    title: "RUN logs in, and what it logs in with stays in the image",
    why: "The program writes it into its settings, and the history of the image shows the command.",
    fix: "Mount the credential, as in `RUN --mount=type=secret,id=aws,target=/root/.aws/credentials …`.",
    link: "https://docs.docker.com/build/building/secrets/",
    check,
    bad: r#"FROM debian:12
RUN aws configure set aws_secret_access_key "$KEY"
"#,
    good: "FROM debian:12\nRUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 cp s3://bucket/app /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps().filter(|step| !mounts_type(step, "secret")) {
        hits.extend(
            step.commands.iter().filter(|command| logs_in(command)).map(|command| Hit::about(command.line, command.program())),
        );
    }
    hits
}

fn logs_in(command: &ShellCommand) -> bool {
    let words: Vec<&str> = command.operands().collect();
    match (command.program(), words.as_slice()) {
        ("aws", ["configure", "set", key, ..]) => {
            ["aws_access_key_id", "aws_secret_access_key"].iter().any(|one| key.ends_with(one))
        }
        ("gcloud", ["auth", "activate-service-account", ..]) => true,
        ("az", ["login", ..]) => command.has_flag(&["-p", "--password", "--federated-token"]),
        ("doctl", ["auth", "init", ..]) => command.has_flag(&["-t", "--access-token"]),
        ("docker" | "podman" | "crane" | "skopeo" | "helm", ["login", ..]) => command.has_flag(&["-p", "--password"]),
        ("npm" | "yarn" | "pnpm", ["config", "set", key, ..]) => key.contains("_authToken") || key.contains("_password"),
        _ => false,
    }
}
