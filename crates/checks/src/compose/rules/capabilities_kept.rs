//! The service does not drop all capabilities.

use model::severity::Severity;

use crate::capability::capability;
use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C011",
    aliases: &["CIS-5.4"],
    severity: Severity::Low,
    title: "The service does not drop all capabilities",
    why: "It starts with a dozen parts of root's power that few programs need.",
    fix: "Write `cap_drop: [ALL]`, and add back what fails.",
    link: "https://docs.docker.com/reference/compose-file/services/#cap_drop",
    check,
    bad: "services:
  web:
    image: app:1.2
    cap_drop: [NET_RAW]
",
    good: "services:
  web:
    image: app:1.2
    cap_drop: [ALL]
",
};

fn check(service: &Service) -> Vec<Hit> {
    let dropped = service.node.get("cap_drop");
    if !service.known || dropped.is_some_and(|list| list.texts().any(|(_, text)| capability(text) == "ALL")) {
        return Vec::new();
    }
    vec![service.hit(dropped.map_or(service.line, |list| list.line), "")]
}
