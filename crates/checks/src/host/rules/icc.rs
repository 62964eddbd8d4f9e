//! 2.2: containers of the default bridge do not reach each other.

use model::severity::Severity;

use crate::host::facts::Network;
use crate::host::{Facts, Rule, Told, Verdict};

/// How a bridge says whether its containers reach each other.
const OPTION: &str = "com.docker.network.bridge.enable_icc";

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H022",
    aliases: &["CIS-Docker-2.2"],
    severity: Severity::Medium,
    title: "Containers on the default bridge cannot reach each other",
    why: "One that is taken over reaches every other on the bridge, whatever ports they publish.",
    fix: "Set `\"icc\": false` in daemon.json and put containers that belong together on a network of their own.",
    link: "https://docs.docker.com/engine/network/drivers/bridge/",
    check,
    bad: r#"{"engine":{"known":{"networks":[{"name":"bridge","driver":"bridge","options":{"com.docker.network.bridge.enable_icc":"true"}}]}}}"#,
    good: r#"{"engine":{"known":{"networks":[{"name":"bridge","driver":"bridge","options":{"com.docker.network.bridge.enable_icc":"false"}}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    // The bridge itself tells what holds, whatever the engine was told.
    let told = |network: &Network| network.options.get(OPTION).map(|value| value == "true");
    if let Some(networks) = facts.engine.get().ok().and_then(|engine| engine.networks.as_ref()) {
        match networks.iter().find(|network| network.name == "bridge") {
            None => return Ok(Verdict::not_applicable("the engine has no default bridge")),
            Some(bridge) => {
                if let Some(reach) = told(bridge) {
                    return Ok(Verdict::pass_if(!reach, format!("the default bridge has {OPTION}={reach}")));
                }
            }
        }
    }
    Ok(match facts.switch("icc")? {
        Some(false) => Verdict::pass("icc is false"),
        Some(true) => Verdict::fail("icc is true"),
        None => Verdict::fail("icc is not set, and is true then"),
    })
}
