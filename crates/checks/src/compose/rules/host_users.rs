//! The service has the user ids of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C009",
    aliases: &["CIS-5.31"],
    severity: Severity::Medium,
    title: "The service has the user ids of the host",
    why: "Root in it is root on the host, though the engine was told to keep them apart.",
    fix: "Take `userns_mode: host` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#userns_mode",
    check,
    bad: "services:
  web:
    image: app:1.2
    userns_mode: host
",
    good: "services:
  web:
    image: app:1.2
    networks: [front]
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("userns_mode", &["host"])
}
