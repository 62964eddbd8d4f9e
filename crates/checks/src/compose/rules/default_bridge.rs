//! The service is put into the engine's default network.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C031",
    aliases: &["CIS-5.30"],
    severity: Severity::Low,
    title: "The service is put into the engine's default network",
    why: "Every container that names no network is there and reaches it.",
    fix: "Take `network_mode: bridge` out; Compose makes a network for the application.",
    link: "https://docs.docker.com/reference/compose-file/services/#network_mode",
    check,
    bad: "services:
  web:
    image: app:1.2
    network_mode: bridge
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("network_mode", &["bridge", "default"])
}
