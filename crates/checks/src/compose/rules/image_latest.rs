//! The image is `latest`, or has no tag.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C020",
    aliases: &[],
    severity: Severity::Medium,
    title: "The image is `latest`, or has no tag",
    why: "Another version may run after every pull, and nobody can go back to the one before.",
    fix: "Name a version, and better a digest, as in `app:1.2@sha256:…`.",
    link: "https://docs.docker.com/reference/compose-file/services/#image",
    check,
    bad: "services:
  web:
    image: app
",
    good: "services:
  web:
    image: app:1.2
",
};

fn check(service: &Service) -> Vec<Hit> {
    // What is built here is only named.
    let image = service.image().filter(|(_, image, _)| image.is_latest() && service.node.get("build").is_none());
    image.map(|(line, _, text)| service.hit(line, text)).into_iter().collect()
}
