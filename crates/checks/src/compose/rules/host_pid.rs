//! The service sees the processes of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C006",
    aliases: &["CIS-5.16"],
    severity: Severity::High,
    title: "The service sees the processes of the host",
    why: "It reads the environment of every process, and with one privilege more it enters them.",
    fix: "Take `pid: host` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#pid",
    check,
    bad: "services:
  web:
    image: app:1.2
    pid: host
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("pid", &["host"])
}
