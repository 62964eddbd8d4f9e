//! RUN starts a program that does nothing for an image.

use model::severity::Severity;

use super::packages::mounts_type;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D041",
    aliases: &["DL3001"],
    severity: Severity::Low,
    title: "RUN starts a program that does nothing for an image",
    why: "It acts on running processes, the network or a terminal, of which nothing is in the image.",
    fix: "Leave it out; what must run when the container starts belongs in ENTRYPOINT or CMD.",
    link: "https://docs.docker.com/reference/dockerfile/#run",
    check,
    bad: "FROM debian:12\nRUN service nginx start\n",
    good: r#"FROM debian:12
CMD ["nginx", "-g", "daemon off;"]
"#,
};

/// Programs that act on a machine while it runs.
const PROGRAMS: &[&str] = &["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"];

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        for command in step.commands.iter().filter(|command| PROGRAMS.contains(&command.program())) {
            // With an agent of the build, ssh fetches what is private.
            if command.program() != "ssh" || !mounts_type(step, "ssh") {
                hits.push(Hit::about(command.line, command.program()));
            }
        }
    }
    hits
}
