//! A file is of use in builds alone.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I022",
    aliases: &["DKL-LI-0003"],
    severity: Severity::Low,
    title: "A file is of use in builds alone",
    why: "It tells strangers how the image is made, of its history and at times of secrets.",
    fix: "Name it in `.dockerignore`, or copy what is needed instead of `COPY . .`.",
    link: "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    check,
    bad: r#"{"notable": [{"path": "/app/.env", "kind": "unneeded"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files_of(&Notable::Unneeded)
}
