//! What containers ask for and how much they may take.

use crate::kubernetes::{ContainerKind, Object};
use crate::rule::Hit;
use crate::yaml::Node;

/// Where a container does not say this of its resources, and the pod as a whole does not either.
pub(super) fn missing(object: &Object<'_>, path: &str) -> Vec<Hit> {
    // A limit is a request, too, where none is written.
    let limit = path.strip_prefix("requests.").map(|of| format!("limits.{of}"));
    let says = |resources: Option<&Node>| {
        let written = |path: &str| resources.and_then(|resources| resources.at(path)).is_some();
        written(path) || limit.as_deref().is_some_and(written)
    };
    if object.pod.as_ref().is_some_and(|pod| says(pod.spec.get("resources"))) {
        return Vec::new();
    }
    object.each(|_, container| {
        let resources = container.node.get("resources");
        // Who debugs may not ask.
        let is_missing = container.kind != ContainerKind::Ephemeral && !says(resources);
        is_missing.then(|| (resources.map_or(container.node.line, |resources| resources.line), String::new()))
    })
}
