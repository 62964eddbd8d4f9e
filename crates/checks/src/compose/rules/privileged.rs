//! The service is privileged.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C001",
    aliases: &["CIS-5.5"],
    severity: Severity::High,
    title: "The service is privileged",
    why: "It has every capability, every device and no confinement: root in it is root on the host.",
    fix: "Take `privileged: true` out, and add the one capability or device that is needed.",
    link: "https://docs.docker.com/reference/compose-file/services/#privileged",
    check,
    bad: "services:
  web:
    image: app:1.2
    privileged: true
",
    good: "services:
  web:
    image: app:1.2
    privileged: false
",
};

fn check(service: &Service) -> Vec<Hit> {
    service.node.get("privileged").filter(|node| node.is_on()).map(|node| service.hit(node.line, "")).into_iter().collect()
}
