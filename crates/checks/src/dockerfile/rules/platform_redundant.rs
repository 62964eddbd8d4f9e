//! FROM names the platform it is built for anyway.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D068",
    aliases: &["DL3065"],
    severity: Severity::Negligible,
    title: "FROM names the platform it is built for anyway",
    why: "Without `--platform` it is that of the target.",
    fix: "Leave `--platform=$TARGETPLATFORM` out.",
    link: "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
    check,
    bad: "FROM --platform=$TARGETPLATFORM debian:12\n",
    good: "FROM debian:12\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let is = |platform: &str| matches!(platform.trim_matches('"'), "$TARGETPLATFORM" | "${TARGETPLATFORM}");
    document.stages.iter().filter(|stage| stage.platform().is_some_and(is)).map(|stage| Hit::at(stage.line)).collect()
}
