//! zypper waits for an answer.

use model::severity::Severity;

use super::packages::asks;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D048",
    aliases: &["DL3034"],
    severity: Severity::Medium,
    title: "zypper waits for an answer",
    why: "Nobody answers in a build, so it fails.",
    fix: "Add `-y`.",
    link: "https://en.opensuse.org/SDB:Zypper_usage",
    check,
    bad: "FROM opensuse/leap:15.6\nRUN zypper install curl=8.6.0 && zypper clean\n",
    good: "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl=8.6.0 && zypper clean\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    asks(
        document,
        &["zypper"],
        &["install", "in", "remove", "rm", "source-install", "si", "patch"],
        &["-n", "--non-interactive", "-y", "--no-confirm"],
    )
}
