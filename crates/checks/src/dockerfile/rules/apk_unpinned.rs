//! apk installs a package without its version.

use model::severity::Severity;

use super::packages::{APK_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D009",
    aliases: &["DL3018"],
    severity: Severity::Low,
    title: "apk installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `apk add curl=~8.9`.",
    link: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
    check,
    bad: "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
    good: "FROM alpine:3.20\nRUN apk add --no-cache curl=~8.9\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "apk") {
        let unpinned =
            |name: &&str| !name.contains(['=', '<', '>', '~', '$', '/']) && !name.starts_with('.') && !name.ends_with(".apk");
        hits.extend(installed(command, &["add"], APK_VALUES).filter(unpinned).map(|name| Hit::about(command.line, name)));
    }
    hits
}
