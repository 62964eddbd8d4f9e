//! 5.30: containers have networks of their own.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H104",
    aliases: &["CIS-Docker-5.30"],
    severity: Severity::Low,
    title: "Containers are not on the default bridge",
    why: "Everything that names no network is there, and reaches each other.",
    fix: "Make a network, as in `docker network create front`, and start it with `--network front`.",
    link: "https://docs.docker.com/engine/network/drivers/bridge/",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","network_mode":"bridge"}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","network_mode":"front","networks":["front"]}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("on the default bridge", |one| {
        let mode = matches!(one.network_mode.as_str(), "bridge" | "default");
        (mode || one.networks.iter().any(|network| network == "bridge")).then(String::new)
    })
}
