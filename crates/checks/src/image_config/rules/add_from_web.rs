//! ADD fetched a file from an address.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I011",
    aliases: &["CIS-DI-0011", "CIS-Docker-4.11"],
    severity: Severity::Low,
    title: "ADD fetched a file from an address",
    why: "The history does not keep whether its digest was checked; without that, another file goes unnoticed.",
    fix: "Write `ADD --checksum=sha256:…`, and let `plimsoll check` see the Dockerfile.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check,
    bad: r#"{"image": {"history": [{"created_by": "ADD https://a.example.com/tool /tool # buildkit"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "COPY tool /tool # buildkit"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    // Repositories are checked by their commit.
    let is_fetched = |word: &str| ["http://", "https://"].iter().any(|start| word.starts_with(start)) && !word.contains(".git");
    let such = config.of("ADD").filter(|(_, step)| step.words().any(is_fetched));
    such.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
}
