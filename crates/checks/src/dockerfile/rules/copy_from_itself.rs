//! COPY --from names its own stage.

use model::severity::Severity;

use super::base::from;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D022",
    aliases: &["DL3023", "DS-0006"],
    severity: Severity::High,
    title: "COPY --from names its own stage",
    why: "The build fails: a stage cannot copy from itself.",
    fix: "Name another stage.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---from",
    check,
    bad: "FROM debian:12 AS app\nCOPY --from=app /a /b\n",
    good: "FROM debian:12 AS tools\nFROM debian:12 AS app\nCOPY --from=tools /a /b\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        for step in &stage.steps {
            if let Some(from) = from(step)
                && stage.name().is_some_and(|name| name.eq_ignore_ascii_case(from))
            {
                hits.push(Hit::about(step.line, from));
            }
        }
    }
    hits
}
