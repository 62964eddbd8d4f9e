//! A database, queue or engine is open on every address.

use model::severity::Severity;

use crate::compose::Port;
use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C025",
    aliases: &["CIS-5.14"],
    severity: Severity::High,
    title: "A database, queue or engine is open on every address",
    why: "Whoever reaches the host may try passwords, and the engine opens the port past most firewalls of the host.",
    fix: "Take it out of `ports`, as services reach each other without, or write `127.0.0.1:` before it.",
    link: "https://docs.docker.com/engine/network/port-publishing/",
    check,
    bad: r#"services:
  web:
    image: app:1.2
    ports:
      - "5432:5432"
"#,
    good: r#"services:
  web:
    image: app:1.2
    ports:
      - "127.0.0.1:5432:5432"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    let is_open = |port: &Port| port.is_everywhere() && port.target.is_some_and(|target| PORTS.contains(&target));
    let open = service.ports().into_iter().filter(is_open);
    open.map(|port| service.hit(port.line, &port.target.map(|target| target.to_string()).unwrap_or_default())).collect()
}

/// Ports of databases, caches and queues, and of the engine's own API.
const PORTS: [u16; 22] = [
    1433, 1521, 2375, 2379, 3306, 5432, 5433, 5672, 5984, 6379, 6380, 7474, 7687, 8086, 8123, 9042, 9092, 9200, 9300, 11211,
    26257, 27017,
];
