//! apt-get installs a package without its version.

use model::severity::Severity;

use super::packages::{APT_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D008",
    aliases: &["DL3008"],
    severity: Severity::Low,
    title: "apt-get installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `apt-get install curl=7.88.*`.",
    link: "https://docs.docker.com/build/building/best-practices/#version-pinning",
    check,
    bad: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n",
    good: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.* && rm -rf /var/lib/apt/lists/*\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "apt-get" || command.program() == "apt") {
        let unpinned =
            |name: &&str| !name.contains(['=', '/', '$', '*']) && !name.ends_with(".deb") && !name.ends_with(['-', '+']);
        hits.extend(installed(command, &["install"], APT_VALUES).filter(unpinned).map(|name| Hit::about(command.line, name)));
    }
    hits
}
