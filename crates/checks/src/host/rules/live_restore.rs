//! 2.15: containers outlive the engine.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H035",
    aliases: &["CIS-Docker-2.15"],
    severity: Severity::Low,
    title: "Containers go on while the engine restarts",
    why: "Otherwise an update of the engine stops everything, and is put off.",
    fix: "Set `\"live-restore\": true` in daemon.json.",
    link: "https://docs.docker.com/engine/daemon/live-restore/",
    check,
    bad: r#"{"engine":{"known":{"live_restore":false}}}"#,
    good: r#"{"engine":{"known":{"live_restore":true}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    if engine.swarm.as_ref().is_some_and(|swarm| swarm.state == "active") {
        return Ok(Verdict::not_applicable("a swarm allows no live restore"));
    }
    let on = engine.live_restore.ok_or("the engine does not say whether it restores live")?;
    Ok(Verdict::pass_if(on, format!("live-restore is {on}")))
}
