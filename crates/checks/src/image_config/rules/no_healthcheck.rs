//! Nothing tells whether the container is well.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I002",
    aliases: &["CIS-DI-0006", "CIS-Docker-4.6", "DS-0026"],
    severity: Severity::Low,
    title: "Nothing tells whether the container is well",
    why: "An engine takes a process that hangs for one that works. Kubernetes has probes of its own and asks no image.",
    fix: "Say how to ask it, as in `HEALTHCHECK CMD [\"/app\", \"--healthy\"]`.",
    link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check,
    bad: r#"{"image": {"healthcheck": []}}
"#,
    good: r#"{"image": {"healthcheck": ["CMD", "/app", "--healthy"]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let is_missing = matches!(config.image.healthcheck.first().map(String::as_str), None | Some("" | "NONE"));
    if !config.has_config() || !is_missing {
        return Vec::new();
    }
    vec![Spot { step: config.last("HEALTHCHECK"), about: String::new() }]
}
