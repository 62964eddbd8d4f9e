//! 5.19: limits that differ from the usual.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H093",
    aliases: &["CIS-Docker-5.19"],
    severity: Severity::Low,
    title: "Containers change default limits only where they need to",
    why: "A limit that one container raises for itself is none.",
    fix: "Take `--ulimit` away, and set what fits all in the engine's `default-ulimits`.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/#ulimit",
    check,
    bad: r#""#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container_manually("with limits of their own", |one| (!one.ulimits.is_empty()).then(|| one.ulimits.join(", ")))
}
