//! 6.1, 6.2: what lies around. Counted here; how much is too much people decide.

use std::collections::BTreeSet;

use model::severity::Severity;

use crate::host::facts::Container;
use crate::host::{Facts, Rule, Told, Verdict, count};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H107",
        aliases: &["CIS-Docker-6.1"],
        severity: Severity::Low,
        title: "Images that nobody uses are removed",
        why: "An old image is started by mistake, and has what was mended since.",
        fix: "Run `docker image prune --all`.",
        link: "https://docs.docker.com/reference/cli/docker/image/prune/",
        check: images,
        bad: "",
        good: r#"{"engine":{"known":{"images":[{"id":"sha256:1"}],"containers":[{"name":"web","image_id":"sha256:1"}]}}}"#,
    },
    Rule {
        id: "PLM-H108",
        aliases: &["CIS-Docker-6.2"],
        severity: Severity::Low,
        title: "Containers that nobody uses are removed",
        why: "One that was forgotten is started again with what was mended since.",
        fix: "Run `docker container prune`.",
        link: "https://docs.docker.com/reference/cli/docker/container/prune/",
        check: containers,
        bad: "",
        good: r#"{"engine":{"known":{"containers":[{"name":"web","state":"running"}]}}}"#,
    },
];

fn images(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    let used: BTreeSet<&str> = engine.containers.iter().map(|one| one.image_id.as_str()).collect();
    let idle: Vec<&str> = engine.images.iter().filter(|one| !used.contains(one.id.as_str())).map(super::images::name).collect();
    Ok(judged(idle, engine.images.len(), engine.unread_images.len(), "image", "of no container"))
}

fn containers(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    let idle: Vec<String> = engine.containers.iter().filter(|one| !one.is_running()).map(Container::label).collect();
    Ok(judged(idle, engine.containers.len(), engine.unread_containers.len(), "container", "that do not run"))
}

fn judged<T: std::fmt::Display>(idle: Vec<T>, all: usize, unread: usize, noun: &str, what: &str) -> Verdict {
    let evidence = format!("{} of {} {what}", idle.len(), count(all + unread, noun));
    match (idle.is_empty(), unread) {
        (true, 0) => Verdict::pass(evidence),
        _ => Verdict::manual(evidence).on(idle),
    }
}
