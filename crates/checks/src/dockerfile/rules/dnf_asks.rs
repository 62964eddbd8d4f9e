//! dnf waits for an answer.

use model::severity::Severity;

use super::packages::asks;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D050",
    aliases: &["DL3038"],
    severity: Severity::Medium,
    title: "dnf waits for an answer",
    why: "Nobody answers in a build, so it fails.",
    fix: "Add `-y`.",
    link: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check,
    bad: "FROM fedora:40\nRUN dnf install curl-8.6.0 && dnf clean all\n",
    good: "FROM fedora:40\nRUN dnf install -y curl-8.6.0 && dnf clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    asks(document, &["dnf", "microdnf"], &["install", "groupinstall", "localinstall"], &["-y", "--assumeyes"])
}
