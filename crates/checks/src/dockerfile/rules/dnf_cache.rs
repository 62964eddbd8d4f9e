//! dnf leaves its cache in the image.

use model::severity::Severity;

use super::packages::cache_left;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D027",
    aliases: &["DL3040", "DS-0019"],
    severity: Severity::Low,
    title: "dnf leaves its cache in the image",
    why: "It is tens of megabytes that nobody reads.",
    fix: "End the same RUN with `dnf clean all`, or mount a cache.",
    link: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check,
    bad: "FROM fedora:40\nRUN dnf install -y curl-8.6.0\n",
    good: "FROM fedora:40\nRUN dnf install -y curl-8.6.0 && dnf clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    cache_left(document, "dnf", "/var/cache", "dnf clean all")
}
