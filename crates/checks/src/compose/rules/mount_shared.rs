//! Mounts of the service reach the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C034",
    aliases: &["CIS-5.20"],
    severity: Severity::Medium,
    title: "Mounts of the service reach the host",
    why: "What it mounts appears on the host, and hides what was there.",
    fix: "Take `shared` or `rshared` out of the mount.",
    link: "https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation",
    check,
    bad: "services:
  web:
    image: app:1.2
    volumes:
      - /data:/data:rshared
",
    good: "services:
  web:
    image: app:1.2
    volumes:
      - /data:/data
",
};

fn check(service: &Service) -> Vec<Hit> {
    let shared =
        service.volumes().into_iter().filter(|volume| matches!(volume.propagation.as_deref(), Some("shared" | "rshared")));
    shared.map(|volume| service.hit(volume.line, volume.host.as_deref().unwrap_or_default())).collect()
}
