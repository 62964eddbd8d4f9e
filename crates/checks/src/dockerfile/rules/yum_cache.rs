//! yum leaves its cache in the image.

use model::severity::Severity;

use super::packages::cache_left;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D026",
    aliases: &["DL3032", "DS-0015"],
    severity: Severity::Low,
    title: "yum leaves its cache in the image",
    why: "It is tens of megabytes that nobody reads.",
    fix: "End the same RUN with `yum clean all`, or mount a cache.",
    link: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check,
    bad: "FROM fedora:40\nRUN yum install -y curl-8.6.0\n",
    good: "FROM fedora:40\nRUN yum install -y curl-8.6.0 && yum clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    cache_left(document, "yum", "/var/cache/yum", "yum clean all")
}
