//! AppArmor is off.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C014",
    aliases: &["CIS-5.2"],
    severity: Severity::Medium,
    title: "AppArmor is off",
    why: "Nothing keeps the service from mounts and files that the engine's profile guards.",
    fix: "Take `apparmor:unconfined` out of `security_opt`.",
    link: "https://docs.docker.com/engine/security/apparmor/",
    check,
    bad: "services:
  web:
    image: app:1.2
    security_opt:
      - apparmor:unconfined
",
    good: "services:
  web:
    image: app:1.2
    security_opt:
      - no-new-privileges:true
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.opted("apparmor:unconfined")
}
