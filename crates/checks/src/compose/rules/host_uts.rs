//! The service shares the name of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C008",
    aliases: &["CIS-5.21"],
    severity: Severity::Medium,
    title: "The service shares the name of the host",
    why: "It may change the host's name, and with it what logs say.",
    fix: "Take `uts: host` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#uts",
    check,
    bad: "services:
  web:
    image: app:1.2
    uts: host
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("uts", &["host"])
}
