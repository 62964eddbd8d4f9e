//! FROM names the platform it is built for anyway.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule, Stage};
use crate::rule::{Edit, Hit};

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
    let without = |stage: &Stage<'_>| stage.platform_span().map(|span| Edit { span, text: String::new() });
    let redundant = document.stages.iter().filter(|stage| stage.platform().is_some_and(is));
    redundant.map(|stage| Hit::at(stage.line).mended_by(without(stage))).collect()
}
