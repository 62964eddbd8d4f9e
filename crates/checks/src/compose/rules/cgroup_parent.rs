//! The service is put into a control group of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C030",
    aliases: &["CIS-5.25"],
    severity: Severity::Low,
    title: "The service is put into a control group of the host",
    why: "The limits that hold for containers do not hold there.",
    fix: "Take `cgroup_parent` out.",
    link: "https://docs.docker.com/reference/compose-file/services/#cgroup_parent",
    check,
    bad: "services:
  web:
    image: app:1.2
    cgroup_parent: system.slice
",
    good: "services:
  web:
    image: app:1.2
    cpus: 0.5
",
};

fn check(service: &Service) -> Vec<Hit> {
    let parent = service.node.get("cgroup_parent").map(|node| service.hit(node.line, node.text().unwrap_or_default()));
    parent.into_iter().chain(service.says("cgroup", &["host"])).collect()
}
