//! The build brought package lists up to date in a step of its own.

use crate::commands::updates_alone;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I013",
    aliases: &["CIS-DI-0007", "CIS-Docker-4.7", "DS-0017"],
    severity: Severity::Medium,
    title: "The build brought packages or their lists up to date in a step of its own",
    why: "The layer is cached and stays as old as its first build, and so does what is installed later.",
    fix: "Update and install in one RUN.",
    link: "https://docs.docker.com/build/building/best-practices/#apt-get",
    check,
    bad: r#"{"image": {"history": [{"created_by": "/bin/sh -c apt-get update"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "/bin/sh -c apt-get update && apt-get install -y curl"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let such = config.of("RUN").filter(|(_, step)| updates_alone(&step.commands).is_some());
    such.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
}
