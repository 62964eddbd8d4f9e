//! The number of the service's processes has no limit.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C024",
    aliases: &["CIS-5.29"],
    severity: Severity::Low,
    title: "The number of the service's processes has no limit",
    why: "A fork bomb takes every process id of the host.",
    fix: "Write `pids_limit: 100` with what it needs.",
    link: "https://docs.docker.com/reference/compose-file/services/#pids_limit",
    check,
    bad: "services:
  web:
    image: app:1.2
",
    good: "services:
  web:
    image: app:1.2
    pids_limit: 100
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.lacks(&["pids_limit", "deploy.resources.limits.pids"])
}
