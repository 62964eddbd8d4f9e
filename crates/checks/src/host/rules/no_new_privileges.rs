//! 2.14: no process gains privileges.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H034",
    aliases: &["CIS-Docker-2.14"],
    severity: Severity::Medium,
    title: "Processes in containers gain no privileges, by default",
    why: "Programs that are setuid give root to whoever runs them.",
    fix: "Set `\"no-new-privileges\": true` in daemon.json.",
    link: "https://docs.docker.com/reference/cli/dockerd/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"no-new-privileges":true}}}"#,
}];

fn check(facts: &Facts) -> Told {
    if facts.engine.get().ok().and_then(|engine| engine.has_option("no-new-privileges")) == Some(true) {
        return Ok(Verdict::pass("the engine says that no-new-privileges is on"));
    }
    Ok(match facts.switch("no-new-privileges")? {
        Some(true) => Verdict::pass("no-new-privileges is true"),
        Some(false) => Verdict::fail("no-new-privileges is false"),
        None => Verdict::fail("no-new-privileges is not set"),
    })
}
