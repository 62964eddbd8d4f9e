//! 5.15: containers are not started again without end.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H089",
    aliases: &["CIS-Docker-5.15"],
    severity: Severity::Low,
    title: "Containers that fail are started again at most five times",
    why: "One that fails at once, or is made to, keeps the host busy without end.",
    fix: "Start it with `--restart on-failure:5`.",
    link: "https://docs.docker.com/engine/containers/start-containers-automatically/",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","restart":"always"}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","restart":"on-failure","restart_retries":5}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("that are started again without end", |one| match (one.restart.as_str(), one.restart_retries) {
        ("" | "no", _) | ("on-failure", 1..=5) => None,
        ("on-failure", 0) => Some("on-failure, without a number".to_owned()),
        ("on-failure", number) => Some(format!("on-failure, {number} times")),
        (policy, _) => Some(policy.to_owned()),
    })
}
