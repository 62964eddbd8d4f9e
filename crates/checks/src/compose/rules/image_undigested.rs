//! The image is named by a tag alone.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C021",
    aliases: &[],
    severity: Severity::Negligible,
    title: "The image is named by a tag alone",
    why: "A tag can be moved, by mistake or by an attacker; the digest cannot.",
    fix: "Add the digest, as in `app:1.2@sha256:…`.",
    link: "https://docs.docker.com/reference/compose-file/services/#image",
    check,
    bad: "services:
  web:
    image: app:1.2
",
    good: "services:
  web:
    image: app:1.2@sha256:9999999999999999999999999999999999999999999999999999999999999999
",
};

fn check(service: &Service) -> Vec<Hit> {
    let image = service.image().filter(|(_, image, _)| !image.is_latest() && !image.digest);
    let image = image.filter(|_| service.node.get("build").is_none());
    image.map(|(line, _, text)| service.hit(line, text)).into_iter().collect()
}
