//! The image is called latest.

use crate::image::Image;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I006",
    aliases: &["DKL-DI-0006", "DS-0001"],
    severity: Severity::Medium,
    title: "The image is called `latest`",
    why: "It is another image tomorrow: nobody can say which one runs, nor go back to it.",
    fix: "Tag it with a version, and deploy it by digest.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    check,
    bad: r#"{"image": {"reference": "app.tar", "source": "archive", "names": ["app:latest"]}}
"#,
    good: r#"{"image": {"reference": "registry.example.com/app:1.2", "source": "registry"}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let image = config.image;
    let asked = image.reference.as_str();
    let asked = asked.strip_prefix("docker:").or(asked.strip_prefix("registry:")).unwrap_or(asked);
    let is_asked = matches!(image.source.as_str(), "registry" | "docker");
    let names: Vec<&str> = if is_asked { vec![asked] } else { image.names.iter().map(String::as_str).collect() };
    // One name of several that says which it is, is enough.
    let is_latest = |name: &&str| Image::parse(name).is_some_and(|image| image.is_latest());
    if names.is_empty() || !names.iter().all(is_latest) {
        return Vec::new();
    }
    vec![Spot { step: None, about: names.join(", ") }]
}
