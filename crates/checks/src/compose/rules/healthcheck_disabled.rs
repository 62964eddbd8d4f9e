//! The health check is off.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C028",
    aliases: &["CIS-5.27"],
    severity: Severity::Low,
    title: "The health check is off",
    why: "Where the program hangs, nobody is told, and what depends on it goes on asking.",
    fix: "Take `disable: true` out, or write a `test`.",
    link: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    check,
    bad: "services:
  web:
    image: app:1.2
    healthcheck:
      disable: true
",
    good: "services:
  web:
    image: app:1.2
    healthcheck:
      test: [CMD, app, health]
",
};

fn check(service: &Service) -> Vec<Hit> {
    let Some(check) = service.node.get("healthcheck") else { return Vec::new() };
    let disabled = check.get("disable").filter(|node| node.is_on());
    let none =
        check.get("test").filter(|test| test.is_one_of(&["NONE"]) || test.texts().next().is_some_and(|(_, text)| text == "NONE"));
    disabled.or(none).map(|node| service.hit(node.line, "")).into_iter().collect()
}
