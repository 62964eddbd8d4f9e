//! microdnf leaves its cache in the image.

use model::severity::Severity;

use super::packages::cache_left;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D028",
    aliases: &["DL3040", "DS-0027"],
    severity: Severity::Low,
    title: "microdnf leaves its cache in the image",
    why: "It is tens of megabytes that nobody reads.",
    fix: "End the same RUN with `microdnf clean all`, or mount a cache.",
    link: "https://github.com/rpm-software-management/microdnf",
    check,
    bad: "FROM fedora:40\nRUN microdnf install -y curl-8.6.0\n",
    good: "FROM fedora:40\nRUN microdnf install -y curl-8.6.0 && microdnf clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    cache_left(document, "microdnf", "/var/cache", "microdnf clean all")
}
