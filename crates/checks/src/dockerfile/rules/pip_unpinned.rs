//! pip installs a package without its version.

use model::severity::Severity;

use super::packages::{PIP_VALUES, installed, is_pip};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D010",
    aliases: &["DL3013"],
    severity: Severity::Low,
    title: "pip installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `pip install requests==2.32.3`.",
    link: "https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    check,
    bad: "FROM python:3.12\nRUN pip install --no-cache-dir requests\n",
    good: "FROM python:3.12\nRUN pip install --no-cache-dir requests==2.32.3\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| is_pip(command)) {
        // Files of requirements and constraints hold the versions.
        if command.has_flag(&["-r", "--requirement", "-c", "--constraint", "-e", "--editable"]) {
            continue;
        }
        // A repository is read at its newest commit, unless something stands behind its path.
        let newest = |name: &str| {
            name.strip_prefix("git+")
                .and_then(|rest| rest.split_once("://")?.1.split_once('/'))
                .is_some_and(|(_, path)| !path.contains(['@', '$']))
        };
        let unpinned = |name: &&str| {
            newest(name)
                || !name.contains(['=', '<', '>', '~', '@', '$', '/']) && !name.starts_with('.') && !name.ends_with(".whl")
        };
        hits.extend(installed(command, &["install"], PIP_VALUES).filter(unpinned).map(|name| Hit::about(command.line, name)));
    }
    hits
}
