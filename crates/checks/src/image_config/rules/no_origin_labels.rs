//! No label says which source the image was built from.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I017",
    aliases: &[],
    severity: Severity::Negligible,
    title: "No label says which source the image was built from",
    why: "Whoever finds a weakness in it months later must know where, and from which commit, to build it anew.",
    fix: "Set `org.opencontainers.image.source` and `org.opencontainers.image.revision`; `docker/metadata-action` and `docker buildx bake` can.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys",
    check,
    bad: r#"{"image": {"labels": {"org.opencontainers.image.source": "https://git.example.com/app"}}}
"#,
    good: r#"{"image": {"labels": {"org.opencontainers.image.source": "https://git.example.com/app", "org.opencontainers.image.revision": "4a07fe5"}}}
"#,
};

/// Each with its forerunner.
const LABELS: [[&str; 2]; 2] = [
    ["org.opencontainers.image.source", "org.label-schema.vcs-url"],
    ["org.opencontainers.image.revision", "org.label-schema.vcs-ref"],
];

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let is_set = |name: &&str| config.image.labels.get(*name).is_some_and(|value| !value.trim().is_empty());
    let missing: Vec<&str> = LABELS.iter().filter(|names| !names.iter().any(&is_set)).map(|names| names[0]).collect();
    if !config.has_config() || missing.is_empty() {
        return Vec::new();
    }
    vec![Spot { step: None, about: format!("without {}", missing.join(" and ")) }]
}
