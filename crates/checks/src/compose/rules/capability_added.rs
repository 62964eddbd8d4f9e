//! The service adds a capability that leads to the host.

use model::severity::Severity;

use crate::capability::{DEFAULT, capability};
use crate::compose::{Rule, Service};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C010",
    aliases: &["CIS-5.4"],
    severity: Severity::Medium,
    title: "The service adds a capability that leads to the host",
    why: "Each is a part of root's power over the host's kernel, and most lead to all of it.",
    fix: "Take it out of `cap_add`; `cap_drop: [ALL]` and add only what fails without.",
    link: "https://docs.docker.com/reference/compose-file/services/#cap_add",
    check,
    bad: "services:
  web:
    image: app:1.2
    cap_add: [SYS_ADMIN]
",
    good: "services:
  web:
    image: app:1.2
    cap_add: [NET_BIND_SERVICE]
",
};

fn check(service: &Service) -> Vec<Hit> {
    let added = service.node.get("cap_add").into_iter().flat_map(Node::texts);
    let named = added.map(|(line, text)| (line, capability(text)));
    named.filter(|(_, name)| !DEFAULT.contains(&name.as_str())).map(|(line, name)| service.hit(line, &name)).collect()
}
