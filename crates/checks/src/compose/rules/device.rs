//! The service gets a device of the host.

use model::severity::Severity;

use crate::compose::{Rule, Service};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-C012",
    aliases: &["CIS-5.18"],
    severity: Severity::Medium,
    title: "The service gets a device of the host",
    why: "It speaks to hardware, past what the kernel guards; a disk holds everything.",
    fix: "Take it out of `devices`, or give it read-only, as in `/dev/video0:/dev/video0:r`.",
    link: "https://docs.docker.com/reference/compose-file/services/#devices",
    check,
    bad: "services:
  web:
    image: app:1.2
    devices:
      - /dev/sda:/dev/sda
",
    good: "services:
  web:
    image: app:1.2
    devices:
      - vendor1.com/device=gpu
",
};

fn check(service: &Service) -> Vec<Hit> {
    let items = service.node.get("devices").map(Node::items).unwrap_or_default();
    let path = |item: &Node| {
        let text = item.get("source").unwrap_or(item).text()?;
        // Devices by other names are the vendor's, made for containers; one that is only read says so.
        (text.starts_with("/dev/") && !text.ends_with(":r"))
            .then(|| (item.line, text.split(':').next().unwrap_or(text).to_owned()))
    };
    items.iter().filter_map(path).map(|(line, path)| service.hit(line, &path)).collect()
}
