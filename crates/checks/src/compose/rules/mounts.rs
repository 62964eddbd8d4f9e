//! How far a mounted path of the host reaches.

use crate::compose::Service;
use crate::host_path::{self, Reach};
use crate::rule::Hit;

/// Folders of a user that hold keys.
const KEYS: [&str; 6] = ["~", "~/.aws", "~/.docker", "~/.gnupg", "~/.kube", "~/.ssh"];

/// Where the service mounts paths of the host that reach so far.
pub(super) fn mounted(service: &Service, asked: Reach) -> Vec<Hit> {
    let volumes = service.volumes();
    let paths = volumes.iter().filter_map(|volume| Some((volume.line, volume.host.as_deref()?)));
    let reach = |path: &str| {
        if KEYS.contains(&path.trim_end_matches('/')) { Reach::Sensitive } else { host_path::reach(path) }
    };
    paths.filter(|(_, path)| reach(path) == asked).map(|(line, path)| service.hit(line, path)).collect()
}
