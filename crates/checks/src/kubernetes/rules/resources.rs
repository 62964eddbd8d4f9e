//! What containers ask for and how much they may take.

use crate::kubernetes::{ContainerKind, Object};
use crate::rule::Hit;
use crate::yaml::Node;

/// Where a container does not say this of its resources, and the pod as a whole does not either.
pub(super) fn missing(object: &Object<'_>, path: &str) -> Vec<Hit> {
    object.each(|pod, container| {
        let resources = container.node.get("resources");
        let says = |resources: Option<&Node>| resources.and_then(|resources| resources.at(path)).is_some();
        // A limit is a request, too, where none is written; and who debugs may not ask.
        let limit = path.strip_prefix("requests.").map(|of| format!("limits.{of}"));
        let implied = limit.is_some_and(|limit| resources.is_some_and(|resources| resources.at(&limit).is_some()));
        if container.kind == ContainerKind::Ephemeral || says(resources) || implied || says(pod.spec.get("resources")) {
            return None;
        }
        Some((resources.map_or(container.node.line, |resources| resources.line), String::new()))
    })
}
