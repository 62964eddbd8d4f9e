//! The engine's socket is mounted.

use model::severity::Severity;

use super::mounts::mounted;
use crate::compose::{Rule, Service};
use crate::host_path::Reach;
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C002",
    aliases: &["CIS-5.32"],
    severity: Severity::High,
    title: "The engine's socket is mounted",
    why: "Whoever speaks to it starts a privileged container, and is root on the host; mounted read-only it is no less.",
    fix: "Take the mount out, or put a proxy between that lets only the needed requests through.",
    link: "https://docs.docker.com/reference/compose-file/services/#volumes",
    check,
    bad: "services:
  web:
    image: app:1.2
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
",
    good: "services:
  web:
    image: app:1.2
    volumes:
      - data:/data
",
};

fn check(service: &Service) -> Vec<Hit> {
    mounted(service, Reach::RuntimeSocket)
}
