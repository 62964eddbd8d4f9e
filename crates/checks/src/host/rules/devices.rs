//! 5.18: devices of the host.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H092",
    aliases: &["CIS-Docker-5.18"],
    severity: Severity::Medium,
    title: "Devices of the host are given only to containers that need them",
    why: "Whoever writes to a disk as a device gets past every file's permissions.",
    fix: "Take `--device` away, or end it in `:r` where reading is enough.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/#device",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","privileged":true}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    if facts.asked()?.containers.iter().any(|one| one.privileged) {
        return facts.each_container("with every device of the host", |one| one.privileged.then(String::new));
    }
    facts.each_container_manually("with devices that may or may not be needed", |one| {
        (!one.devices.is_empty()).then(|| one.devices.join(", "))
    })
}
