//! 2.12: a plugin is asked before anything is done.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H032",
    aliases: &["CIS-Docker-2.12"],
    severity: Severity::Medium,
    title: "Commands to the engine need an authorization",
    why: "Without a plugin everybody who reaches the socket may do everything.",
    fix: "Set up an authorization plugin and name it in `authorization-plugins`.",
    link: "https://docs.docker.com/engine/extend/plugins_authorization/",
    check,
    bad: r#"{"engine":{"known":{"authorization_plugins":[]}}}"#,
    good: r#"{"engine":{"known":{"authorization_plugins":["opa"]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let plugins = facts.asked()?.authorization_plugins.as_ref().ok_or("the engine does not say which plugins it asks")?;
    if plugins.is_empty() {
        return Ok(Verdict::fail("no authorization plugin is asked"));
    }
    Ok(Verdict::pass("every command is put to a plugin").on(plugins))
}
