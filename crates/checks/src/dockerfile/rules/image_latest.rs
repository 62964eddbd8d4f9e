//! The base image is `latest`.

use model::severity::Severity;

use super::base::{image, is_outside, tag};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D007",
    aliases: &["DL3007", "DS-0001", "DKL-DI-0006"],
    severity: Severity::Medium,
    title: "The base image is `latest`",
    why: "It is another image tomorrow, and nobody can say which one this was built on.",
    fix: "Name a version, and better a digest, as in `FROM debian:12@sha256:…`.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    check,
    bad: "FROM debian:latest\n",
    good: "FROM debian:12\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, stage) in document.stages.iter().enumerate() {
        let image = image(document, number);
        if is_outside(document, number) && tag(&image) == Some("latest") && !image.contains('@') {
            hits.push(Hit::about(stage.line, image));
        }
    }
    hits
}
