//! Paths of a host that are mounted into containers.

/// How far a path of the host reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The socket of a runtime: to speak to it is to be root.
    RuntimeSocket,
    /// Everything.
    Root,
    /// Configuration, keys, devices, what the host runs.
    Sensitive,
    /// Something else.
    Other,
}

/// Sockets of runtimes, by the ends of their names.
const SOCKETS: [&str; 9] = [
    "docker.sock",
    "docker-cli.sock",
    "dockershim.sock",
    "containerd.sock",
    "crio.sock",
    "cri-dockerd.sock",
    "podman.sock",
    "buildkitd.sock",
    "rkt.sock",
];

/// Folders that hold the host's configuration, keys, programs or other pods.
const SENSITIVE: [&str; 28] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/proc",
    "/root",
    "/run",
    "/run/containerd",
    "/run/crio",
    "/run/dbus",
    "/run/docker",
    "/run/k3s",
    "/run/secrets",
    "/run/systemd",
    "/run/user",
    "/sbin",
    "/sys",
    "/usr",
    "/var",
    "/var/lib",
    "/var/lib/containerd",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/cni",
];

/// Files and folders below those that say nothing to anyone and change nothing.
const HARMLESS: [&str; 12] = [
    "/dev/null",
    "/dev/shm",
    "/etc/hostname",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/resolv.conf",
    "/etc/ssl/certs",
    "/etc/timezone",
    "/run/xtables.lock",
    "/usr/share/zoneinfo",
    "/etc/ca-certificates",
];

/// How far a path reaches.
pub(crate) fn reach(path: &str) -> Reach {
    // One is a link to the other.
    let path = clean(path);
    let path = path.strip_prefix("/var/run").map_or(path.clone(), |rest| format!("/run{rest}"));
    let path = path.as_str();
    let below = |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if path == "/" {
        Reach::Root
    } else if SOCKETS.iter().any(|socket| path.ends_with(&format!("/{socket}"))) {
        Reach::RuntimeSocket
    } else if HARMLESS.iter().any(|folder| below(folder)) {
        Reach::Other
    } else if SENSITIVE.iter().any(|folder| {
        // Everything lies below these, and most of it belongs to applications.
        if matches!(*folder, "/home" | "/run" | "/var" | "/var/lib") { path == *folder } else { below(folder) }
    }) {
        Reach::Sensitive
    } else {
        Reach::Other
    }
}

/// Without doubled slashes, dots, and the one at the end.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    if path.starts_with('/') { format!("/{}", parts.join("/")) } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::{Reach, reach};

    #[test]
    fn paths_reach_as_far_as_they_do() {
        for (path, expected) in [
            ("/", Reach::Root),
            ("//", Reach::Root),
            ("/etc/..", Reach::Root),
            ("/var/run/docker.sock", Reach::RuntimeSocket),
            ("/run/k3s/containerd/containerd.sock", Reach::RuntimeSocket),
            ("/etc/", Reach::Sensitive),
            ("/etc/kubernetes/pki", Reach::Sensitive),
            ("/var/lib/kubelet/pods", Reach::Sensitive),
            ("/var/lib", Reach::Sensitive),
            ("/var/run", Reach::Sensitive),
            ("/var/run/secrets/x", Reach::Sensitive),
            ("/run/flannel", Reach::Other),
            ("/var/log", Reach::Other),
            ("/var/lib/grafana", Reach::Other),
            ("/etc/localtime", Reach::Other),
            ("/etcetera", Reach::Other),
            ("/data", Reach::Other),
            ("./data", Reach::Other),
            ("", Reach::Other),
        ] {
            assert_eq!(reach(path), expected, "{path}");
        }
    }
}
