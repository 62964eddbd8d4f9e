//! 2.3: the engine logs what it does, and no more.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H023",
    aliases: &["CIS-Docker-2.3"],
    severity: Severity::Low,
    title: "The engine logs at the level info",
    why: "Below info what happened cannot be told afterwards; debug writes down what nobody should read.",
    fix: "Take log-level and debug out of daemon.json and the arguments, or set `\"log-level\": \"info\"`.",
    link: "https://docs.docker.com/engine/daemon/logs/",
    check,
    bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"log-level":"error"}}}"#,
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"log-level":"info"}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let debug = facts.engine.get().ok().and_then(|engine| engine.debug);
    if debug == Some(true) {
        return Ok(Verdict::fail("the engine says that it logs for debugging"));
    }
    if debug.is_none()
        && (facts.switch("debug")? == Some(true) || facts.arguments.get().is_ok_and(|words| words.contains(&"-D".to_owned())))
    {
        return Ok(Verdict::fail("debug is on"));
    }
    Ok(match facts.word("log-level", Some('l'))? {
        None => Verdict::pass("log-level is not set, and is info then"),
        Some(level) => Verdict::pass_if(level == "info", format!("log-level is {level}")),
    })
}
