//! The service's root file system can be written to.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C017",
    aliases: &["CIS-5.13"],
    severity: Severity::Low,
    title: "The service's root file system can be written to",
    why: "An intruder puts tools beside the program, or changes the program itself.",
    fix: "Write `read_only: true`, and `tmpfs` for where the program has to write.",
    link: "https://docs.docker.com/reference/compose-file/services/#read_only",
    check,
    bad: "services:
  web:
    image: app:1.2
    read_only: false
",
    good: "services:
  web:
    image: app:1.2
    read_only: true
",
};

fn check(service: &Service) -> Vec<Hit> {
    match service.node.get("read_only") {
        Some(node) if node.switch() == Some(false) => vec![service.hit(node.line, "")],
        None if service.known => vec![service.hit(service.line, "")],
        _ => Vec::new(),
    }
}
