//! Probes, which only what runs for long needs.

use crate::kubernetes::{ContainerKind, Object};
use crate::rule::Hit;

/// Where a container that is to run for long has no such probe.
pub(super) fn missing(object: &Object<'_>, probe: &str) -> Vec<Hit> {
    if matches!(object.kind, "Job" | "CronJob") {
        return Vec::new();
    }
    object.each(|_, container| {
        let is_missing = container.kind == ContainerKind::Main && container.node.get(probe).is_none();
        is_missing.then(|| (container.node.line, String::new()))
    })
}
