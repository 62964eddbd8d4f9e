//! A label that holds a time holds none of RFC 3339.

use jiff::Timestamp;
use model::severity::Severity;

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D059",
    aliases: &["DL3053"],
    severity: Severity::Negligible,
    title: "A label that holds a time holds none of RFC 3339",
    why: "Registries and scanners read it as that, and show or follow nothing otherwise.",
    fix: "Write date and time with their zone, as in `2024-05-31T12:00:00Z`.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: "FROM debian:12\nLABEL org.opencontainers.image.created=31.05.2024\n",
    good: "FROM debian:12\nLABEL org.opencontainers.image.created=2024-05-31T12:00:00Z\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |name, value| name == "created" && !value.is_empty() && value.parse::<Timestamp>().is_err())
}
