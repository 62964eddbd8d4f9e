//! No user is named, so the image decides, mostly for root.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C019",
    aliases: &["CIS-4.1"],
    severity: Severity::Low,
    title: "No user is named, so the image decides, mostly for root",
    why: "What breaks out of a process that is root in the container is root on the host.",
    fix: "Write `user: \"10001\"`, or end the image with a USER.",
    link: "https://docs.docker.com/reference/compose-file/services/#user",
    check,
    bad: "services:
  web:
    image: app:1.2
",
    good: r#"services:
  web:
    image: app:1.2
    user: "10001"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    service.lacks(&["user"])
}
