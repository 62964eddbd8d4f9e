//! 2.1: the engine without root.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H021",
    aliases: &["CIS-Docker-2.1"],
    severity: Severity::Medium,
    title: "The engine runs without root",
    why: "Whoever breaks out of a container, or speaks to its socket, has the rights of the engine.",
    fix: "Where its limits allow, set rootless mode up with `dockerd-rootless-setuptool.sh install`.",
    link: "https://docs.docker.com/engine/security/rootless/",
    check,
    bad: "",
    good: r#"{"engine":{"known":{"security_options":["name=rootless"]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    if facts.asked()?.has_option("rootless") == Some(true) {
        return Ok(Verdict::pass("the engine says that it is rootless"));
    }
    // Rootless mode lacks much, so that whether it is possible is no question for a program.
    Ok(match facts.daemon_user.get() {
        Ok(0) => Verdict::manual("the engine runs as root; whether rootless mode would do here has to be decided"),
        Ok(user) => Verdict::pass(format!("the engine runs as the user {user}")),
        Err(_) => Verdict::manual("the engine is not rootless; whether rootless mode would do here has to be decided"),
    })
}
