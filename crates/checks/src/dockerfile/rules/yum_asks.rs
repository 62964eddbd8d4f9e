//! yum waits for an answer.

use model::severity::Severity;

use super::packages::asks;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D046",
    aliases: &["DL3030"],
    severity: Severity::Medium,
    title: "yum waits for an answer",
    why: "Nobody answers in a build, so it fails.",
    fix: "Add `-y`.",
    link: "https://man7.org/linux/man-pages/man8/yum.8.html",
    check,
    bad: "FROM centos:7\nRUN yum install curl-7.29.0 && yum clean all\n",
    good: "FROM centos:7\nRUN yum install -y curl-7.29.0 && yum clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    asks(document, &["yum"], &["install", "groupinstall", "localinstall"], &["-y", "--assumeyes"])
}
