//! The image runs as root.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I001",
    aliases: &["CIS-DI-0001", "CIS-Docker-4.1", "DS-0002"],
    severity: Severity::High,
    title: "The image runs as root",
    why: "What breaks out of a process that is root in the container is root in far more.",
    fix: "Make a user and end the Dockerfile with it, as in `USER 10001`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"{"image": {"user": "root"}}
"#,
    good: r#"{"image": {"user": "10001:10001"}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    if !config.has_config() || !is_root(config.image.user.as_deref().unwrap_or_default()) {
        return Vec::new();
    }
    vec![Spot { step: config.last("USER"), about: String::new() }]
}

/// By name or number; nothing is root.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    matches!(name, "" | "root") || name.parse() == Ok(0_u32)
}
