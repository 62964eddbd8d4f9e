//! COPY --from names neither a stage before it nor an image with a version.

use model::severity::Severity;

use super::base::{from, tag};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D039",
    aliases: &["DL3022"],
    severity: Severity::Medium,
    title: "COPY --from names neither a stage before it nor an image with a version",
    why: "A stage that comes later or is misspelt is taken for an image of that name.",
    fix: "Name a stage that stands before, or an image with its tag.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    check,
    bad: "FROM debian:12\nCOPY --from=tools /a /b\n",
    good: "FROM debian:12 AS tools\nFROM debian:12\nCOPY --from=tools /a /b\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, stage) in document.stages.iter().enumerate() {
        let before = document.names_before(number);
        for step in &stage.steps {
            let Some(from) = from(step) else { continue };
            // Nothing is put in for variables here.
            let own = stage.name().is_some_and(|name| name.eq_ignore_ascii_case(from));
            let by_number = from.parse::<usize>().is_ok_and(|wanted| wanted < number);
            if !own && !by_number && !before.contains(&from.to_ascii_lowercase()) && tag(from).is_none() && !from.contains('@') {
                hits.push(Hit::about(step.line, from));
            }
        }
    }
    hits
}
