//! 4.1, 4.6, 4.7, 4.9, 4.10: what images say of themselves, and how they were built.

use model::severity::Severity;

use crate::host::facts::{Built, Image};
use crate::host::{Facts, Rule, Told, Verdict, count, labelled};
use crate::secret;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H063",
        aliases: &["CIS-Docker-4.1", "CIS-DI-0001"],
        severity: Severity::High,
        title: "Containers run as a user that is not root",
        why: "What breaks out of a process that is root in the container is root in far more.",
        fix: "Make a user in the Dockerfile and end with `USER 10001`, or start it with `--user`.",
        link: "https://docs.docker.com/build/building/best-practices/#user",
        check: |facts| facts.each_container("that run as root", |one| is_root(&one.user).then(String::new)),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","user":"10001"}]}}}"#,
    },
    Rule {
        id: "PLM-H068",
        aliases: &["CIS-Docker-4.6", "CIS-DI-0006"],
        severity: Severity::Low,
        title: "Images say how their health is checked",
        why: "A container that hangs runs on, and nobody is told.",
        fix: "Put a HEALTHCHECK into the Dockerfile.",
        link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
        check: |facts| each(facts, "without a health check", Verdict::fail, |one| Ok((!one.healthcheck).then(String::new))),
        bad: r#"{"engine":{"known":{"images":[{"tags":["web:1"]}]}}}"#,
        good: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"healthcheck":true}]}}}"#,
    },
    Rule {
        id: "PLM-H069",
        aliases: &["CIS-Docker-4.7", "CIS-DI-0007"],
        severity: Severity::Low,
        title: "Images bring package lists up to date only where they install",
        why: "The layer is cached, so what is installed later comes from old lists.",
        fix: "Update and install in one RUN.",
        link: "https://docs.docker.com/build/building/best-practices/#apt-get",
        check: |facts| {
            each(facts, "built with package lists of an earlier step", Verdict::fail, |one| {
                Ok(steps(one)?.iter().any(|step| step.update_alone).then(String::new))
            })
        },
        bad: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"history":[{"instruction":"RUN","update_alone":true}]}]}}}"#,
        good: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"history":[{"instruction":"RUN"}]}]}}}"#,
    },
    Rule {
        id: "PLM-H071",
        aliases: &["CIS-Docker-4.9", "CIS-DI-0009"],
        severity: Severity::Low,
        title: "Images are built with COPY, not ADD",
        why: "ADD fetches from the web and unpacks archives, whatever they hold.",
        fix: "Write COPY; fetch with a RUN that compares a digest.",
        link: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
        check: |facts| {
            each(facts, "built with ADD above their base", Verdict::fail, |one| {
                // A base begins by adding its root file system: nothing else brings one.
                Ok(steps(one)?.iter().skip(1).any(|step| step.instruction == "ADD").then(String::new))
            })
        },
        bad: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"history":[{"instruction":"ADD"},{"instruction":"ADD"}]}]}}}"#,
        good: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"history":[{"instruction":"ADD"},{"instruction":"COPY"}]}]}}}"#,
    },
    Rule {
        id: "PLM-H072",
        aliases: &["CIS-Docker-4.10", "CIS-DI-0010"],
        severity: Severity::High,
        title: "No secret is built into an image",
        why: "Whoever has the image reads its variables, its history and its files.",
        fix: "Mount it while building, as in `RUN --mount=type=secret,id=token …`, and change it: it is known.",
        link: "https://docs.docker.com/build/building/secrets/",
        check: secrets,
        bad: r#"{"engine":{"known":{"images":[{"tags":["web:1"],"environment":["PATH","API_TOKEN"]}]}}}"#,
        good: "",
    },
];

/// What an image is called.
pub(super) fn name(image: &Image) -> &str {
    match image.tags.first() {
        Some(tag) => tag,
        None => image.id.get(..19).unwrap_or(&image.id),
    }
}

pub(super) fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), None | Some("" | "root" | "0"))
}

fn steps(image: &Image) -> Result<&[Built], String> {
    image.history.as_deref().ok_or_else(|| format!("the history of {} was not told", name(image)))
}

fn secrets(facts: &Facts) -> Told {
    let verdict = each(facts, "with a variable that is called as secrets are", Verdict::fail, |one| {
        let names: Vec<&str> = one.environment.iter().map(String::as_str).filter(|name| secret::is_name(name)).collect();
        Ok((!names.is_empty()).then(|| names.join(", ")))
    })?;
    Ok(match verdict.outcome {
        model::host::HostOutcome::Pass => Verdict::manual(format!("{}; their files were not looked at", verdict.evidence)),
        _ => verdict,
    })
}

/// Looks for a fault in each image; what one image cannot tell, others may.
fn each(
    facts: &Facts,
    fault: &str,
    verdict: fn(String) -> Verdict,
    find: impl Fn(&Image) -> Result<Option<String>, String>,
) -> Told {
    let engine = facts.asked()?;
    let (mut found, mut unseen) = (Vec::new(), engine.unread_images.clone());
    for image in &engine.images {
        match find(image) {
            Ok(Some(about)) => found.push(labelled(name(image), &about)),
            Ok(None) => {}
            Err(why) => unseen.push(why),
        }
    }
    let evidence = format!("{} of {} {fault}", found.len(), count(engine.images.len(), "image"));
    match (found.is_empty(), unseen.first()) {
        (false, _) => Ok(verdict(evidence).on(found)),
        (true, Some(first)) => Err(format!("{} could not be looked at: {first}", count(unseen.len(), "image"))),
        (true, None) if engine.images.is_empty() => Ok(Verdict::not_applicable("there is no image")),
        (true, None) => Ok(Verdict::pass(evidence)),
    }
}
