//! A sensitive folder of the host is mounted.

use model::severity::Severity;

use super::mounts::mounted;
use crate::compose::{Rule, Service};
use crate::host_path::Reach;
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C004",
    aliases: &["CIS-5.6"],
    severity: Severity::Medium,
    title: "A sensitive folder of the host is mounted",
    why: "From there it takes keys, or changes what the host runs.",
    fix: "Mount the one file that is needed, with `:ro`, or use a volume.",
    link: "https://docs.docker.com/reference/compose-file/services/#volumes",
    check,
    bad: "services:
  web:
    image: app:1.2
    volumes:
      - /etc:/host/etc
",
    good: "services:
  web:
    image: app:1.2
    volumes:
      - data:/data
",
};

fn check(service: &Service) -> Vec<Hit> {
    mounted(service, Reach::Sensitive)
}
