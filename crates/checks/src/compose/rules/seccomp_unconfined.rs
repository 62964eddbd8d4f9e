//! Seccomp is off.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C013",
    aliases: &["CIS-5.22"],
    severity: Severity::Medium,
    title: "Seccomp is off",
    why: "The service may make every system call, those with known weaknesses included.",
    fix: "Take `seccomp:unconfined` out of `security_opt`.",
    link: "https://docs.docker.com/engine/security/seccomp/",
    check,
    bad: "services:
  web:
    image: app:1.2
    security_opt:
      - seccomp:unconfined
",
    good: "services:
  web:
    image: app:1.2
    security_opt:
      - no-new-privileges:true
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.opted("seccomp:unconfined")
}
