//! dnf installs a package without its version.

use model::severity::Severity;

use super::packages::rpm_unpinned;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D051",
    aliases: &["DL3041"],
    severity: Severity::Low,
    title: "dnf installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `dnf install -y curl-8.6.0`.",
    link: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    check,
    bad: "FROM fedora:40\nRUN dnf install -y curl && dnf clean all\n",
    good: "FROM fedora:40\nRUN dnf install -y curl-8.6.0 && dnf clean all\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    rpm_unpinned(document, &["dnf", "microdnf"])
}
