//! A variable holds what looks like a secret.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;
use crate::secret;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C029",
    aliases: &[],
    severity: Severity::High,
    title: "A variable holds what looks like a secret",
    why: "It is in the file, which others have, and whoever may inspect the container reads it.",
    fix: "Use `secrets`, or leave the value out and give it from outside, as in `${DB_PASSWORD:?}`.",
    link: "https://docs.docker.com/compose/how-tos/use-secrets/",
    check,
    bad: "services:
  web:
    image: app:1.2
    environment:
      DB_PASSWORD: hunter2
",
    good: "services:
  web:
    image: app:1.2
    environment:
      DB_PASSWORD: ${DB_PASSWORD:?}
",
};

fn check(service: &Service) -> Vec<Hit> {
    let secrets = service.variables().into_iter().filter(|(_, name, value)| secret::is_written(name, value));
    // Only names are shown, never what they hold.
    secrets.map(|(line, name, _)| service.hit(line, name)).collect()
}
