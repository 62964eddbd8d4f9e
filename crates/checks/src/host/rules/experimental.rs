//! 2.18: nothing unfinished is on.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H038",
    aliases: &["CIS-Docker-2.18"],
    severity: Severity::Low,
    title: "Experimental features are off",
    why: "They change without notice and are tested by nobody but you.",
    fix: "Take `\"experimental\": true` away.",
    link: "https://docs.docker.com/reference/cli/dockerd/",
    check,
    bad: r#"{"engine":{"known":{"experimental":true}}}"#,
    good: r#"{"engine":{"known":{"experimental":false}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let on = facts.asked()?.experimental.ok_or("the engine does not say whether experimental features are on")?;
    Ok(Verdict::pass_if(!on, format!("experimental is {on}")))
}
