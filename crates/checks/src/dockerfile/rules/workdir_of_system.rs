//! WORKDIR lies in a folder of the kernel or of the system.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D072",
    aliases: &["DS-0030"],
    severity: Severity::High,
    title: "WORKDIR lies in a folder of the kernel or of the system",
    why: "What is written there is devices and settings of the machine, or lost when it is mounted over.",
    fix: "Use a folder of your own, as in `WORKDIR /app`.",
    link: "https://docs.docker.com/reference/dockerfile/#workdir",
    check,
    bad: "FROM debian:12\nWORKDIR /proc/self\n",
    good: "FROM debian:12\nWORKDIR /app\n",
};

const FOLDERS: &[&str] = &["/proc", "/sys", "/dev", "/boot", "/initrd", "/lost+found"];

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Workdir(workdir) = &step.instruction else { continue };
        let path = workdir.arguments.value.trim_matches(['"', '\'']);
        let inside = |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if FOLDERS.iter().any(inside) {
            hits.push(Hit::about(step.line, path));
        }
    }
    hits
}
