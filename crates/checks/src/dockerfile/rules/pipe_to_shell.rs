//! RUN executes what it fetches.

use model::severity::Severity;

use crate::commands::fetched_and_run;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D037",
    aliases: &["CIS-DI-0011"],
    severity: Severity::High,
    title: "RUN executes what it fetches",
    why: "Whoever holds the server, or the way to it, runs anything in the build.",
    fix: "Fetch a file of one version, check its digest, then run it; `ADD --checksum=sha256:…` does both.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check,
    bad: r#"FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl https://a.example.com/install | sh
"#,
    good: "FROM debian:12\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://a.example.com/install /install\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let fetches = document.steps().flat_map(|step| fetched_and_run(&step.commands));
    fetches.map(|command| Hit::at(command.line)).collect()
}
