//! The build upgraded the whole distribution.

use crate::commands::upgrades_distribution;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I012",
    aliases: &["DKL-DI-0003", "DS-0024"],
    severity: Severity::Low,
    title: "The build upgraded the whole distribution",
    why: "What is in the image depends on the day of the build; a newer base image holds the same fixes for all.",
    fix: "Build on a newer base image, and name the packages that must be newer.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: r#"{"image": {"history": [{"created_by": "/bin/sh -c apt-get update && apt-get dist-upgrade -y"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "/bin/sh -c apt-get update && apt-get install -y curl"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.running(upgrades_distribution)
}
