//! 2.11: the base device has its usual size.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H031",
    aliases: &["CIS-Docker-2.11"],
    severity: Severity::Low,
    title: "The base device's size is left as it is",
    why: "Every image and container grows with it, and it cannot be made smaller again.",
    fix: "Take `dm.basesize` out of `storage-opts`.",
    link: "https://docs.docker.com/engine/deprecated/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"storage-opts":["dm.basesize=50G"]}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let options = facts.list("storage-opt", "storage-opts", None)?;
    Ok(match options.iter().find(|option| option.starts_with("dm.basesize")) {
        None => Verdict::pass("dm.basesize is not set"),
        Some(option) => Verdict::fail(format!("{option} is set")),
    })
}
