//! The base image has no tag.

use model::severity::Severity;

use super::base::{image, is_outside, tag};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D006",
    aliases: &["DL3006", "DS-0001", "CIS-DI-0002"],
    severity: Severity::Medium,
    title: "The base image has no tag",
    why: "Without a tag it is `latest`, and another one tomorrow.",
    fix: "Name a version, and better a digest, as in `FROM debian:12@sha256:…`.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    check,
    bad: "FROM debian\n",
    good: "FROM debian:12\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, stage) in document.stages.iter().enumerate() {
        let image = image(document, number);
        // Only where the registry alone may come from a variable.
        let name = image.rsplit('/').next().unwrap_or(&image);
        if is_outside(document, number) && tag(&image).is_none() && !image.contains('@') && !name.contains('$') {
            hits.push(Hit::about(stage.line, image));
        }
    }
    hits
}
