//! A privileged service is open on every address.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C026",
    aliases: &["CIS-5.14"],
    severity: Severity::High,
    title: "A privileged service is open on every address",
    why: "Whoever finds a weakness in it over the network has the host.",
    fix: "Write `127.0.0.1:` before the port, or take `privileged: true` out.",
    link: "https://docs.docker.com/engine/network/port-publishing/",
    check,
    bad: r#"services:
  web:
    image: app:1.2
    privileged: true
    ports:
      - "8080:8080"
"#,
    good: r#"services:
  web:
    image: app:1.2
    privileged: true
    ports:
      - "127.0.0.1:8080:8080"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    let open = service.ports().into_iter().filter(|port| service.is_privileged() && port.is_everywhere());
    open.map(|port| service.hit(port.line, "")).collect()
}
