//! RUN puts another program in the place of /bin/sh.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D071",
    aliases: &["DL4005"],
    severity: Severity::Medium,
    title: "RUN puts another program in the place of /bin/sh",
    why: "Scripts of the distribution count on the one that was there.",
    fix: r#"Write `SHELL ["/bin/bash", "-c"]`."#,
    link: "https://docs.docker.com/reference/dockerfile/#shell",
    check,
    bad: "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n",
    good: r#"FROM debian:12
SHELL ["/bin/bash", "-c"]
RUN true
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let replaces = |command: &&ShellCommand| {
        command.program() == "ln" && command.operands().last().is_some_and(|name| matches!(name, "/bin/sh" | "/usr/bin/sh"))
    };
    document.commands().filter(replaces).map(|command| Hit::at(command.line)).collect()
}
