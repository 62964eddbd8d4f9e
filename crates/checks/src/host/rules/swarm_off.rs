//! 5.1: no swarm that nobody needs.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H075",
    aliases: &["CIS-Docker-5.1"],
    severity: Severity::Low,
    title: "The engine is in no swarm, unless one is needed",
    why: "A swarm opens ports on the network, and whoever joins it runs what they like.",
    fix: "Where no swarm is needed, leave it: `docker swarm leave`.",
    link: "https://docs.docker.com/engine/swarm/",
    check,
    bad: r#"{"engine":{"known":{"swarm":{"state":"active"}}}}"#,
    good: r#"{"engine":{"known":{"swarm":{"state":"inactive"}}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let swarm = facts.asked()?.swarm.as_ref().ok_or("the engine does not say whether it is in a swarm")?;
    Ok(match swarm.state.as_str() {
        "inactive" => Verdict::pass("the engine is in no swarm"),
        state => Verdict::fail(format!("the engine is in a swarm ({state}); where that is meant, leave this control out")),
    })
}
