//! 2.17: system calls are filtered by default.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H037",
    aliases: &["CIS-Docker-2.17"],
    severity: Severity::High,
    title: "Containers have a seccomp profile by default",
    why: "Without a filter every call of the kernel, and every mistake in one, is within reach.",
    fix: "Take `\"seccomp-profile\": \"unconfined\"` away, or name a profile of your own.",
    link: "https://docs.docker.com/engine/security/seccomp/",
    check,
    bad: r#"{"engine":{"known":{"security_options":["name=seccomp,profile=unconfined"]}}}"#,
    good: r#"{"engine":{"known":{"security_options":["name=seccomp,profile=builtin"]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let option = facts.asked()?.option("seccomp").ok_or("the engine does not say which security options it has")?;
    let Some(option) = option else { return Ok(Verdict::fail("the engine filters no system calls")) };
    let profile = option.split(',').find_map(|part| part.strip_prefix("profile=")).unwrap_or("builtin");
    Ok(Verdict::pass_if(profile != "unconfined", format!("the seccomp profile is {profile}")))
}
