//! The service uses the network of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C005",
    aliases: &["CIS-5.10"],
    severity: Severity::High,
    title: "The service uses the network of the host",
    why: "It reaches what listens on the host's loopback, and every port it opens is open on the host.",
    fix: "Take `network_mode: host` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#network_mode",
    check,
    bad: "services:
  web:
    image: app:1.2
    network_mode: host
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("network_mode", &["host"])
}
