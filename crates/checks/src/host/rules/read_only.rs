//! 5.13: nothing is written into the root file system.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H087",
    aliases: &["CIS-Docker-5.13"],
    severity: Severity::Medium,
    title: "The root file system of containers cannot be written",
    why: "Whoever gets in puts tools where they are run, and they stay.",
    fix: "Start it with `--read-only`, and with `--tmpfs` or a volume for what is written.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/#read-only",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","read_only":true}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("with a root file system that can be written", |one| (!one.read_only).then(String::new))
}
