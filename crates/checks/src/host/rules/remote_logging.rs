//! 2.13: what containers write leaves the host.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H033",
    aliases: &["CIS-Docker-2.13"],
    severity: Severity::Low,
    title: "What containers write is sent to a place off this host",
    why: "Logs that stay here are gone with the host, or changed by whoever takes it over.",
    fix: "Set `log-driver` to one that sends: syslog, gelf, fluentd, awslogs, gcplogs, splunk.",
    link: "https://docs.docker.com/engine/logging/configure/",
    check,
    bad: r#"{"engine":{"known":{"logging_driver":"json-file"}}}"#,
    good: r#"{"engine":{"known":{"logging_driver":"syslog"}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let driver = facts.asked()?.logging_driver.as_deref().ok_or("the engine does not say how it logs")?;
    let evidence = format!("the logging driver is {driver}");
    Ok(match driver {
        "json-file" | "local" | "none" => Verdict::fail(evidence),
        "journald" => Verdict::manual(format!("{evidence}; whether the journal is forwarded has to be looked up")),
        _ => Verdict::pass(evidence),
    })
}
