//! SELinux does not confine the service.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C015",
    aliases: &["CIS-5.3"],
    severity: Severity::Medium,
    title: "SELinux does not confine the service",
    why: "It reaches files of the host that containers are kept from.",
    fix: "Take `label:disable` out of `security_opt`.",
    link: "https://docs.docker.com/engine/security/",
    check,
    bad: "services:
  web:
    image: app:1.2
    security_opt:
      - label:disable
",
    good: "services:
  web:
    image: app:1.2
    security_opt:
      - no-new-privileges:true
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.opted("label:disable")
}
