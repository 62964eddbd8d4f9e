//! The service shares memory and queues with the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C007",
    aliases: &["CIS-5.17"],
    severity: Severity::High,
    title: "The service shares memory and queues with the host",
    why: "It reads and writes the shared memory of every process on the host.",
    fix: "Take `ipc: host` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#ipc",
    check,
    bad: "services:
  web:
    image: app:1.2
    ipc: host
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("ipc", &["host"])
}
