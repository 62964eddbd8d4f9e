//! The whole file system of the host is mounted.

use model::severity::Severity;

use super::mounts::mounted;
use crate::compose::{Rule, Service};
use crate::host_path::Reach;
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C003",
    aliases: &["CIS-5.6"],
    severity: Severity::High,
    title: "The whole file system of the host is mounted",
    why: "It reads every secret on the host, and where it may write, it is root there.",
    fix: "Mount the one folder that is needed, with `:ro`.",
    link: "https://docs.docker.com/reference/compose-file/services/#volumes",
    check,
    bad: "services:
  web:
    image: app:1.2
    volumes:
      - /:/host
",
    good: "services:
  web:
    image: app:1.2
    volumes:
      - data:/data
",
};

fn check(service: &Service) -> Vec<Hit> {
    mounted(service, Reach::Root)
}
