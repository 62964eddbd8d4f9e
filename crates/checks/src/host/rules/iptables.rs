//! 2.4: the engine sets the firewall up.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H024",
    aliases: &["CIS-Docker-2.4"],
    severity: Severity::High,
    title: "The engine may write firewall rules",
    why: "Without its rules containers are not kept apart, and what is published is whatever others have set up.",
    fix: "Take `\"iptables\": false` and `--iptables=false` away.",
    link: "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"iptables":false}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{}}}"#,
}];

fn check(facts: &Facts) -> Told {
    Ok(match facts.switch("iptables")? {
        Some(false) => Verdict::fail("iptables is false"),
        Some(true) => Verdict::pass("iptables is true"),
        None => Verdict::pass("iptables is not set, and is true then"),
    })
}
