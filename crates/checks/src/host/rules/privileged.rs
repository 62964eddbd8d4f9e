//! 5.5: no container may do everything.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H079",
    aliases: &["CIS-Docker-5.5"],
    severity: Severity::Critical,
    title: "No container is privileged",
    why: "It has every capability and every device, and no filter: it is root on the host.",
    fix: "Take `--privileged` away, and give it the one device or capability that it needs.",
    link: "https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","privileged":true}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("that are privileged", |one| one.privileged.then(String::new))
}
