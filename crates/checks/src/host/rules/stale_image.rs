//! 5.28: containers run what their tag names today.

use model::host::HostOutcome;
use model::severity::Severity;

use crate::host::facts::{Container, Image};
use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H102",
    aliases: &["CIS-Docker-5.28"],
    severity: Severity::Medium,
    title: "Containers run the newest image of their name",
    why: "An image that was built or pulled anew mends nothing while the old one runs on.",
    fix: "Pull the image, remove the container and start it again.",
    link: "https://docs.docker.com/reference/cli/docker/image/pull/",
    check,
    bad: r#"{"engine":{"known":{"images":[{"id":"sha256:2","tags":["web:1"]}],"containers":[{"name":"web","image":"web:1","image_id":"sha256:1"}]}}}"#,
    good: "",
}];

fn check(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    let now = |one: &Container| {
        let named =
            |image: &&Image| image.tags.iter().any(|tag| *tag == one.image || tag.strip_suffix(":latest") == Some(&one.image));
        engine.images.iter().find(named).filter(|image| image.id != one.image_id)
    };
    let verdict = facts.each_container("on an image that has been replaced here", |one| now(one).map(|_| one.image.clone()))?;
    Ok(match verdict.outcome {
        // Whether its registry has a newer one only the registry can tell.
        HostOutcome::Pass => Verdict::manual(format!("{}; whether registries have newer ones was not asked", verdict.evidence)),
        _ => verdict,
    })
}
