//! 5.25: containers are under the engine's control group.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H099",
    aliases: &["CIS-Docker-5.25"],
    severity: Severity::Low,
    title: "Containers are in the control group that they are meant for",
    why: "Under another group their limits add up to something else than what was meant.",
    fix: "Take `--cgroup-parent` away, or say in your records why it is there.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","cgroup_parent":"/others"}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("under a control group of their own choice", |one| {
        (!one.cgroup_parent.is_empty()).then(|| one.cgroup_parent.clone())
    })
}
