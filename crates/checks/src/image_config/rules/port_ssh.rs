//! The image listens for SSH.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I018",
    aliases: &["DS-0004"],
    severity: Severity::Medium,
    title: "The image listens for SSH",
    why: "A shell over the network is one more door with its own keys and weaknesses; the engine has `exec`.",
    fix: "Take `EXPOSE 22` and the SSH server out.",
    link: "https://docs.docker.com/reference/cli/docker/container/exec/",
    check,
    bad: r#"{"image": {"exposed_ports": ["22/tcp", "8080/tcp"]}}
"#,
    good: r#"{"image": {"exposed_ports": ["8080/tcp"]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let listens = config.image.exposed_ports.iter().any(|port| matches!(port.as_str(), "22" | "22/tcp"));
    let step = config.of("EXPOSE").find(|(_, step)| names_ssh(step.arguments)).map(|(number, _)| number);
    if listens { vec![Spot { step, about: String::new() }] } else { Vec::new() }
}

/// `22`, `22/tcp`, and BuildKit's `map[22/tcp:{}]`.
fn names_ssh(arguments: &str) -> bool {
    let ports = arguments.trim_start_matches("map[").trim_end_matches(']').split_whitespace();
    ports.map(|port| port.trim_end_matches(":{}")).any(|port| matches!(port, "22" | "22/tcp"))
}
