//! 5.7: nobody logs in to containers.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H081",
    aliases: &["CIS-Docker-5.7"],
    severity: Severity::Medium,
    title: "No SSH server runs in a container",
    why: "It brings keys, accounts and updates of its own, which nobody looks after.",
    fix: "Take it out of the image; `docker exec` gives a shell to whoever may have one.",
    link: "https://docs.docker.com/reference/cli/docker/container/exec/",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","state":"running","processes":{"known":["sshd"]}}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","state":"running","processes":{"known":["nginx"]}}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let servers = ["sshd", "dropbear", "sshd-session", "sshd-auth"];
    let is = |names: &Vec<String>| names.iter().any(|name| servers.contains(&name.as_str()));
    let verdict = facts.each_container("with an SSH server", |one| one.processes.get().is_ok_and(is).then(String::new))?;
    let unseen = facts.asked()?.containers.iter().find_map(|one| Some((one, one.processes.get().err()?)));
    match unseen {
        Some((one, why)) if verdict.items.is_empty() => Err(format!("the processes of {} are not known: {why}", one.name)),
        _ => Ok(verdict),
    }
}
