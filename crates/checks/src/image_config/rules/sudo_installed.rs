//! sudo is in the image.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I015",
    aliases: &["DKL-DI-0001"],
    severity: Severity::Medium,
    title: "sudo is in the image",
    why: "It makes root of whoever its rules or a weakness of it let through; a container has one user and needs none.",
    fix: "Leave the package out, and run as the user that is needed.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"{"notable": [{"path": "/usr/bin/sudo", "kind": "sudo"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files_of(&Notable::Sudo)
}
