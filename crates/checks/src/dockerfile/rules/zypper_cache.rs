//! zypper leaves its cache in the image.

use model::severity::Severity;

use super::packages::cache_left;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D029",
    aliases: &["DL3036", "DS-0020"],
    severity: Severity::Low,
    title: "zypper leaves its cache in the image",
    why: "It is tens of megabytes that nobody reads.",
    fix: "End the same RUN with `zypper clean`, or mount a cache.",
    link: "https://en.opensuse.org/SDB:Zypper_manual",
    check,
    bad: "FROM fedora:40\nRUN zypper install -y curl-8.6.0\n",
    good: "FROM fedora:40\nRUN zypper install -y curl-8.6.0 && zypper clean\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    cache_left(document, "zypper", "/var/cache/zypp", "zypper clean --all")
}
