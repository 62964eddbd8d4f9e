//! The build used sudo.

use crate::commands::is_sudo;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I014",
    aliases: &["DKL-DI-0001", "DS-0010"],
    severity: Severity::High,
    title: "The build used sudo",
    why: "A program that gives root away came into the image, and mostly a user who may ask it without a password.",
    fix: "Switch with USER, or drop to another user by `setpriv` or `gosu`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"{"image": {"history": [{"created_by": "RUN /bin/sh -c sudo make install # buildkit"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "RUN /bin/sh -c make install # buildkit"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.running(is_sudo)
}
