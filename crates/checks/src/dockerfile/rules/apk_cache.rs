//! apk keeps its index in the image.

use model::severity::Severity;

use super::packages::mounts;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D019",
    aliases: &["DL3019", "DS-0025", "DKL-DI-0004"],
    severity: Severity::Low,
    title: "apk keeps its index in the image",
    why: "It is of no use there.",
    fix: "Add `--no-cache`, or mount a cache at /var/cache/apk.",
    link: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
    check,
    bad: "FROM alpine:3.20\nRUN apk add curl=~8.9\n",
    good: "FROM alpine:3.20\nRUN apk add --no-cache curl=~8.9\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        for command in step.commands.iter().filter(|command| command.program() == "apk") {
            let adds = command.operands().any(|word| word == "add");
            if adds && !command.has_flag(&["--no-cache"]) && !mounts(step, "/var/cache/apk") && !mounts(step, "/etc/apk/cache") {
                // Without a network, the cache is where packages come from.
                let edit =
                    command.insert_after("add", "--no-cache").filter(|_| !command.has_flag(&["--no-network", "--cache-dir"]));
                hits.push(Hit::at(command.line).mended_by(edit));
            }
        }
    }
    hits
}
