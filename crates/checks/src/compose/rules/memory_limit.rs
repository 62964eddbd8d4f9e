//! The service's memory has no limit.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C022",
    aliases: &["CIS-5.11"],
    severity: Severity::Low,
    title: "The service's memory has no limit",
    why: "A leak or an attack takes the host's memory, and the kernel ends other processes.",
    fix: "Write `mem_limit: 256m` with what it needs.",
    link: "https://docs.docker.com/reference/compose-file/services/#mem_limit",
    check,
    bad: "services:
  web:
    image: app:1.2
",
    good: "services:
  web:
    image: app:1.2
    mem_limit: 256m
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.lacks(&["mem_limit", "deploy.resources.limits.memory"])
}
