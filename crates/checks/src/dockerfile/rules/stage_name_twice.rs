//! Two stages have one name.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D023",
    aliases: &["DL3024", "DS-0012"],
    severity: Severity::High,
    title: "Two stages have one name",
    why: "What names the stage means one of them, and readers mean the other.",
    fix: "Give each stage a name of its own.",
    link: "https://docs.docker.com/reference/dockerfile/#from",
    check,
    bad: "FROM debian:12 AS a\nFROM debian:12 AS a\n",
    good: "FROM debian:12 AS a\nFROM debian:12 AS b\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, stage) in document.stages.iter().enumerate() {
        if let Some(name) = stage.name()
            && document.names_before(number).contains(&name.to_ascii_lowercase())
        {
            hits.push(Hit::about(stage.line, name));
        }
    }
    hits
}
