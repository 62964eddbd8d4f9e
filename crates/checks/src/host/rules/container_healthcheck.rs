//! 5.27: the health of containers is checked.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H101",
    aliases: &["CIS-Docker-5.27"],
    severity: Severity::Low,
    title: "The health of containers is checked",
    why: "One that hangs runs on, and nobody is told.",
    fix: "Put a HEALTHCHECK into the image, or start it with `--health-cmd`.",
    link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","healthcheck":true}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("whose health is not checked", |one| (!one.healthcheck).then(String::new))
}
