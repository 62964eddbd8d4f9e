//! The service is started anew without end.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C027",
    aliases: &["CIS-5.15"],
    severity: Severity::Low,
    title: "The service is started anew without end",
    why: "What fails at once fails again and again, and an attack that needs many tries gets them.",
    fix: "Write `restart: on-failure:5`.",
    link: "https://docs.docker.com/reference/compose-file/services/#restart",
    check,
    bad: "services:
  web:
    image: app:1.2
    restart: always
",
    good: "services:
  web:
    image: app:1.2
    restart: on-failure:5
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.says("restart", &["always", "unless-stopped", "on-failure"])
}
