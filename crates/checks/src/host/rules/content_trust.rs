//! 4.5: nothing is pulled that nobody signed.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H067",
    aliases: &["CIS-Docker-4.5", "CIS-DI-0005"],
    severity: Severity::Medium,
    title: "Docker takes only images that are signed",
    why: "A tag names whatever was pushed last, by whomever.",
    fix: "Put `DOCKER_CONTENT_TRUST=1` into /etc/environment, or let a gate ask for signatures before an image runs.",
    link: "https://docs.docker.com/engine/security/trust/",
    check,
    bad: r#"{"content_trust":{"known":false}}"#,
    good: r#"{"content_trust":{"known":true}}"#,
}];

fn check(facts: &Facts) -> Told {
    let on = *facts.content_trust.get().map_err(|why| format!("whether content trust is on is not known: {why}"))?;
    let evidence = if on { "DOCKER_CONTENT_TRUST is on" } else { "DOCKER_CONTENT_TRUST is not on" };
    Ok(Verdict::pass_if(on, evidence))
}
