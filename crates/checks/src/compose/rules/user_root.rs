//! The service runs as root.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C018",
    aliases: &["CIS-4.1"],
    severity: Severity::Medium,
    title: "The service runs as root",
    why: "What breaks out of a process that is root in the container is root on the host.",
    fix: "Write `user: \"10001\"`.",
    link: "https://docs.docker.com/reference/compose-file/services/#user",
    check,
    bad: "services:
  web:
    image: app:1.2
    user: root
",
    good: r#"services:
  web:
    image: app:1.2
    user: "10001"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    let user = service.node.get("user");
    let is_root = |node: &&Node| node.text().is_some_and(|text| matches!(text.split(':').next(), Some("root" | "0")));
    user.filter(is_root).map(|node| service.hit(node.line, "")).into_iter().collect()
}
