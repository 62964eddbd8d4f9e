//! A stage is called as Docker calls something else.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D067",
    aliases: &["DL3063"],
    severity: Severity::Medium,
    title: "A stage is called as Docker calls something else",
    why: "`scratch` is the empty image and `context` the files of the build, so the stage cannot be told from them.",
    fix: "Give it another name.",
    link: "https://docs.docker.com/reference/dockerfile/#from",
    check,
    bad: "FROM debian:12 AS context\n",
    good: "FROM debian:12 AS build\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let named = document.stages.iter().filter_map(|stage| Some((stage.line, stage.name()?)));
    let reserved = named.filter(|(_, name)| ["scratch", "context"].iter().any(|word| name.eq_ignore_ascii_case(word)));
    reserved.map(|(line, name)| Hit::about(line, name)).collect()
}
