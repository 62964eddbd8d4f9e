//! 2.16: ports are forwarded by the kernel.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H036",
    aliases: &["CIS-Docker-2.16"],
    severity: Severity::Low,
    title: "Ports are forwarded by the kernel, not by a proxy",
    why: "The proxy is one more program with root's rights for each port, and hides who called.",
    fix: "Set `\"userland-proxy\": false` in daemon.json.",
    link: "https://docs.docker.com/engine/network/port-publishing/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"userland-proxy":false}}}"#,
}];

fn check(facts: &Facts) -> Told {
    Ok(match facts.switch("userland-proxy")? {
        Some(false) => Verdict::pass("userland-proxy is false"),
        Some(true) => Verdict::fail("userland-proxy is true"),
        None => Verdict::fail("userland-proxy is not set, and is true then"),
    })
}
