//! The service takes a port of the host below 1024.

use model::severity::Severity;

use crate::compose::Port;
use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C032",
    aliases: &["CIS-5.8"],
    severity: Severity::Negligible,
    title: "The service takes a port of the host below 1024",
    why: "Who sees such a port takes it for a service of the host itself.",
    fix: "Publish a port above 1024, or only 80 and 443.",
    link: "https://docs.docker.com/reference/compose-file/services/#ports",
    check,
    bad: r#"services:
  web:
    image: app:1.2
    ports:
      - "389:389"
"#,
    good: r#"services:
  web:
    image: app:1.2
    ports:
      - "8389:389"
      - "443:443"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    let low = |port: &Port| port.published.filter(|number| (1..1024).contains(number) && !matches!(number, 80 | 443));
    service
        .ports()
        .iter()
        .filter_map(|port| Some((port.line, low(port)?)))
        .map(|(line, port)| service.hit(line, &port.to_string()))
        .collect()
}
