//! The service is open for SSH.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C033",
    aliases: &["CIS-5.7"],
    severity: Severity::Medium,
    title: "The service is open for SSH",
    why: "A shell over the network is one more door with its own keys and weaknesses; the engine has `exec`.",
    fix: "Take the port and the SSH server out.",
    link: "https://docs.docker.com/reference/cli/docker/container/exec/",
    check,
    bad: r#"services:
  web:
    image: app:1.2
    ports:
      - "2222:22"
"#,
    good: r#"services:
  web:
    image: app:1.2
    ports:
      - "8080:8080"
"#,
};

fn check(service: &Service) -> Vec<Hit> {
    let ssh = service.ports().into_iter().filter(|port| port.target == Some(22));
    ssh.map(|port| service.hit(port.line, "")).collect()
}
