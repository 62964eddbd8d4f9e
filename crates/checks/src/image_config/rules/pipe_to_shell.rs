//! The build executed what it fetched.

use crate::commands::fetched_and_run;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I010",
    aliases: &["CIS-DI-0011", "CIS-Docker-4.11"],
    severity: Severity::High,
    title: "The build executed what it fetched",
    why: "Whoever holds the server, or the way to it, ran anything in the build.",
    fix: "Fetch a file of one version, check its digest, then run it; `ADD --checksum=sha256:…` does both.",
    link: "https://docs.docker.com/reference/dockerfile/#add---checksum",
    check,
    bad: r#"{"image": {"history": [{"created_by": "RUN /bin/sh -c curl https://a.example.com/install | sh # buildkit"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "RUN /bin/sh -c sh /install # buildkit"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let such = config.of("RUN").filter(|(_, step)| fetched_and_run(&step.commands).next().is_some());
    such.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
}
