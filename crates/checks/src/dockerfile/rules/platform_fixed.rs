//! FROM names one platform.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D045",
    aliases: &["DL3029"],
    severity: Severity::Low,
    title: "FROM names one platform",
    why: "The image is built for it whatever platform is asked for.",
    fix: "Leave `--platform` out, or write `--platform=$BUILDPLATFORM` where a stage cross-compiles.",
    link: "https://docs.docker.com/reference/dockerfile/#from",
    check,
    bad: "FROM --platform=linux/amd64 debian:12\n",
    good: "FROM --platform=$BUILDPLATFORM debian:12\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        // What an argument holds can be asked for.
        if let Some(platform) = stage.platform()
            && !platform.is_empty()
            && !platform.contains('$')
        {
            hits.push(Hit::about(stage.line, platform));
        }
    }
    hits
}
