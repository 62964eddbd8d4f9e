//! yum installs a package without its version.

use model::severity::Severity;

use super::packages::rpm_unpinned;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D047",
    aliases: &["DL3033"],
    severity: Severity::Low,
    title: "yum installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `yum install -y curl-7.29.0`.",
    link: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check,
    bad: "FROM centos:7\nRUN yum install -y curl && yum clean all\n",
    good: "FROM centos:7\nRUN yum install -y curl-7.29.0 && yum clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    rpm_unpinned(document, &["yum"])
}
