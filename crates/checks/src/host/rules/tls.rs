//! 2.7: the engine knows who speaks to it over the network.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H027",
    aliases: &["CIS-Docker-2.7"],
    severity: Severity::Critical,
    title: "Clients over the network are verified by their certificates",
    why: "Whoever reaches a port of the engine without it is root on this host.",
    fix: "Listen on the socket alone, or set `tlsverify`, `tlscacert`, `tlscert` and `tlskey`.",
    link: "https://docs.docker.com/engine/security/protect-access/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"hosts":["tcp://0.0.0.0:2375"]}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"hosts":["tcp://0.0.0.0:2376"],"tlsverify":true}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let hosts = facts.list("host", "hosts", Some('H'))?;
    let open: Vec<&String> = hosts.iter().filter(|host| host.contains("tcp://") || !host.contains("://")).collect();
    if open.is_empty() {
        return Ok(Verdict::not_applicable("the engine listens on no TCP address"));
    }
    Ok(match (facts.switch("tlsverify")?, facts.switch("tls")?) {
        (Some(true), _) => Verdict::pass("clients are verified"),
        (_, Some(true)) => Verdict::fail("the engine has a certificate, and takes every client"),
        _ => Verdict::fail("the engine listens without TLS"),
    }
    .on(open))
}
