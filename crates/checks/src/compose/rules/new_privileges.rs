//! Processes of the service may gain privileges.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C016",
    aliases: &["CIS-5.26"],
    severity: Severity::Low,
    title: "Processes of the service may gain privileges",
    why: "A program with a set-user-ID bit turns an ordinary process into root.",
    fix: "Write `security_opt: [no-new-privileges:true]`.",
    link: "https://docs.docker.com/reference/compose-file/services/#security_opt",
    check,
    bad: "services:
  web:
    image: app:1.2
    security_opt:
      - no-new-privileges:false
",
    good: "services:
  web:
    image: app:1.2
    security_opt:
      - no-new-privileges:true
",
};

fn check(service: &Service) -> Vec<Hit> {
    let option = service.options().find(|(_, text)| text.starts_with("no-new-privileges"));
    match option {
        Some((line, text)) if text.ends_with("false") => vec![service.hit(line, "")],
        None if service.known => vec![service.hit(service.line, "")],
        _ => Vec::new(),
    }
}
