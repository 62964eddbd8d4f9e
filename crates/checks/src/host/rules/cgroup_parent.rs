//! 2.10: containers are under the usual control group.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H030",
    aliases: &["CIS-Docker-2.10"],
    severity: Severity::Low,
    title: "Containers are under the engine's own control group",
    why: "Under another group their limits add up to something else than what was meant.",
    fix: "Take `cgroup-parent` away, or say in your records why it is there.",
    link: "https://docs.docker.com/reference/cli/dockerd/#default-cgroup-parent",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"cgroup-parent":"/others"}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{}}}"#,
}];

fn check(facts: &Facts) -> Told {
    Ok(match facts.word("cgroup-parent", None)?.filter(|group| !group.is_empty()) {
        None => Verdict::pass("cgroup-parent is not set"),
        Some(group) => Verdict::fail(format!("cgroup-parent is {group}")),
    })
}
