//! How far a mounted path of the node reaches.

use crate::host_path::{self, Reach};
use crate::kubernetes::Object;
use crate::rule::Hit;

/// Where the pod mounts paths of the node that reach so far.
pub(super) fn reaching(object: &Object<'_>, reach: Reach) -> Vec<Hit> {
    let Some(pod) = &object.pod else { return Vec::new() };
    let paths = pod.host_paths().filter(|(_, path)| host_path::reach(path) == reach);
    paths.map(|(line, path)| object.hit(line, path)).collect()
}
