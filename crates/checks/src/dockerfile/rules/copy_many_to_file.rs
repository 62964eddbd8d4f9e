//! COPY of several files to what is no folder.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use super::pairs::variables;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D021",
    aliases: &["DL3021", "DS-0011"],
    severity: Severity::High,
    title: "COPY of several files to what is no folder",
    why: "The build fails: only a folder, which ends in a slash, takes several files.",
    fix: "End the last word with `/`.",
    link: "https://docs.docker.com/reference/dockerfile/#copy",
    check,
    bad: "FROM debian:12\nCOPY a b /app\n",
    good: "FROM debian:12\nCOPY a b /app/\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let variables_of = document.variables();
    for step in document.steps() {
        let Instruction::Copy(copy) = &step.instruction else { continue };
        let dest = copy.dest.value.trim_matches('"');
        // What a variable holds counts; where this file does not say it, it may end in a slash.
        let last = variables(dest).last().filter(|name| dest.trim_end_matches('}').ends_with(name));
        let known = match last {
            Some(name) => variables_of.get(name).cloned(),
            None => Some(dest.to_owned()),
        };
        let is_folder = |dest: &str| dest.ends_with('/') || matches!(dest, "." | "..") || dest.ends_with("/.");
        if copy.src.len() > 1 && known.is_some_and(|dest| !is_folder(&dest)) {
            // The build fails as it is, so it can become no other.
            let literal =
                copy.dest.span.len() == copy.dest.value.len() && !dest.contains('$') && dest.len() == copy.dest.value.len();
            let edit = literal.then(|| Edit { span: copy.dest.span.end..copy.dest.span.end, text: "/".to_owned() });
            hits.push(Hit::about(step.line, dest).mended_by(edit));
        }
    }
    hits
}
