//! A pipe hides the failure of its first command.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::ShellCommand;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D034",
    aliases: &["DL4006"],
    severity: Severity::Medium,
    title: "A pipe hides the failure of its first command",
    why: "The build goes on with half of what was wanted: the exit code is that of the last command.",
    fix: r#"Set `SHELL ["/bin/bash", "-o", "pipefail", "-c"]`, or begin with `set -o pipefail`."#,
    link: "https://docs.docker.com/reference/dockerfile/#run",
    check,
    bad: "FROM debian:12\nRUN curl https://a.example.com | tar x\n",
    good: r#"FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl https://a.example.com | tar x
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        let mut safe = false;
        for step in &stage.steps {
            if let Instruction::Shell(shell) = &step.instruction {
                // Other shells than those of POSIX have other rules.
                let posix = shell.arguments.first().is_some_and(|program| program.value.ends_with("sh"));
                safe = !posix || shell.arguments.iter().any(|word| word.value == "pipefail");
            }
            let sets =
                |command: &ShellCommand| command.program() == "set" && command.arguments().iter().any(|word| word == "pipefail");
            let set_at = step.commands.iter().position(sets).unwrap_or(usize::MAX);
            let piped = step.commands.iter().enumerate().find(|(number, command)| command.piped && *number < set_at);
            if let Some((_, command)) = piped.filter(|_| !safe) {
                hits.push(Hit::at(command.line));
            }
        }
    }
    hits
}
