//! 2.9: root in a container is nobody outside.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H029",
    aliases: &["CIS-Docker-2.9"],
    severity: Severity::Medium,
    title: "Users of containers are other users on the host",
    why: "Without it root in a container is root on the host once it gets out.",
    fix: "Set `\"userns-remap\": \"default\"`; images and volumes are laid out anew.",
    link: "https://docs.docker.com/engine/security/userns-remap/",
    check,
    bad: r#"{"engine":{"known":{"security_options":["name=seccomp,profile=builtin"]}}}"#,
    good: r#"{"engine":{"known":{"security_options":["name=userns"]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    let has = |name| engine.has_option(name).ok_or("the engine does not say which security options it has");
    if has("rootless")? {
        return Ok(Verdict::pass("the engine is rootless, and so has a user namespace of its own"));
    }
    Ok(if has("userns")? { Verdict::pass("userns-remap is set") } else { Verdict::fail("userns-remap is not set") })
}
