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
    let mut open: Vec<String> = hosts.iter().filter(|host| host.contains("tcp://") || !host.contains("://")).cloned().collect();
    if hosts.iter().any(|host| host.starts_with("fd://")) {
        match facts.socket_unit.get() {
            Ok(units) => open.extend(units.iter().filter(|at| !at.starts_with(['/', '@', '%'])).cloned()),
            Err(why) if open.is_empty() => return Err(format!("where systemd listens for the engine is not known: {why}")),
            Err(_) => {}
        }
    }
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

#[cfg(test)]
mod tests {
    use model::host::HostOutcome;

    #[test]
    fn what_systemd_listens_at_counts() {
        let outcome = |unit: &str| {
            let facts = format!(r#"{{"arguments":{{"known":["dockerd","-H","fd://"]}},"daemon_json":{{"known":null}}{unit}}}"#);
            super::check(&serde_json::from_str(&facts).unwrap()).map(|verdict| verdict.outcome).ok()
        };
        let unit = |address: &str| format!(r#","socket_unit":{{"known":["/run/docker.sock"{address}]}}"#);
        assert_eq!(outcome(&unit("")), Some(HostOutcome::NotApplicable));
        assert_eq!(outcome(&unit(r#","2375""#)), Some(HostOutcome::Fail));
        assert_eq!(outcome(""), None);
    }
}
