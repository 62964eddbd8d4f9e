//! zypper installs a package without its version.

use model::severity::Severity;

use super::packages::{ZYPPER_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D049",
    aliases: &["DL3037"],
    severity: Severity::Low,
    title: "zypper installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `zypper install -y curl=8.6.0`.",
    link: "https://en.opensuse.org/SDB:Zypper_usage",
    check,
    bad: "FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean\n",
    good: "FROM opensuse/leap:15.6\nRUN zypper install -y curl=8.6.0 && zypper clean\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "zypper") {
        // Patterns and products have no versions of their own.
        if command.has_flag(&["-t", "--type"]) {
            continue;
        }
        let names = installed(command, &["install", "in"], ZYPPER_VALUES);
        let unpinned = |name: &&str| !name.contains(['=', '<', '>', '$', '/', ':']) && !name.ends_with(".rpm");
        hits.extend(names.filter(unpinned).map(|name| Hit::about(command.line, name)));
    }
    hits
}
