//! The service's CPU time has no limit.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C023",
    aliases: &["CIS-5.12"],
    severity: Severity::Negligible,
    title: "The service's CPU time has no limit",
    why: "It may take whatever CPU time others leave, as in mining of coins.",
    fix: "Write `cpus: 0.5` with what it needs.",
    link: "https://docs.docker.com/reference/compose-file/services/#cpus",
    check,
    bad: "services:
  web:
    image: app:1.2
",
    good: "services:
  web:
    image: app:1.2
    cpus: 0.5
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.lacks(&["cpus", "cpu_shares", "cpu_quota", "cpuset", "deploy.resources.limits.cpus"])
}
