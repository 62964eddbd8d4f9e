//! 5.6, 5.20, 5.32: what of the host is mounted into containers.

use model::severity::Severity;

use crate::host::facts::Mount;
use crate::host::{Facts, Rule, Told};

/// What makes the host what it is.
const SENSITIVE: [&str; 9] = ["/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/sys", "/usr"];
/// Where the engine's socket usually is.
const SOCKETS: [&str; 3] = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H080",
        aliases: &["CIS-Docker-5.6"],
        severity: Severity::High,
        title: "No folder that makes the host what it is is mounted into a container",
        why: "Whoever writes there changes the host; whoever reads there has its passwords and keys.",
        fix: "Mount the one file that is needed, with `:ro`, or use a volume.",
        link: "https://docs.docker.com/engine/storage/bind-mounts/",
        check: |facts| facts.each_container("with a folder of the host's own", |one| found(&one.mounts, is_sensitive)),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"kind":"bind","source":"/etc","target":"/host/etc"}]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"kind":"bind","source":"/etc/localtime","target":"/etc/localtime"}]}]}}}"#,
    },
    Rule {
        id: "PLM-H094",
        aliases: &["CIS-Docker-5.20"],
        severity: Severity::Medium,
        title: "What containers mount does not appear on the host",
        why: "With shared propagation a container puts file systems where the host uses them.",
        fix: "Take `:shared` and `:rshared` away, or use `:rslave`.",
        link: "https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation",
        check: |facts| {
            facts.each_container("with a mount that is shared", |one| {
                found(&one.mounts, |mount| matches!(mount.propagation.as_str(), "shared" | "rshared"))
            })
        },
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"source":"/srv","target":"/srv","propagation":"rshared"}]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"source":"/srv","target":"/srv","propagation":"rprivate"}]}]}}}"#,
    },
    Rule {
        id: "PLM-H106",
        aliases: &["CIS-Docker-5.32"],
        severity: Severity::Critical,
        title: "The engine's socket is mounted into no container",
        why: "Whoever speaks to it starts a container with the whole host in it: it is root on the host.",
        fix: "Take the mount away, or put a proxy before the socket that lets single requests through.",
        link: "https://docs.docker.com/engine/security/protect-access/",
        check: sockets,
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"source":"/var/run/docker.sock","target":"/docker.sock"}]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","mounts":[{"source":"/srv","target":"/srv"}]}]}}}"#,
    },
];

/// Single files are mounted to be read, as `/etc/localtime` is; folders above hold what is nobody's business.
fn is_sensitive(mount: &Mount) -> bool {
    if mount.kind != "bind" && !mount.kind.is_empty() {
        return false;
    }
    let source = mount.source.trim_end_matches('/');
    source.is_empty() && !mount.source.is_empty()
        || SENSITIVE.iter().any(|folder| source == *folder || (mount.writable && is_below(source, folder)))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn sockets(facts: &Facts) -> Told {
    let own = facts.asked()?.socket.as_deref();
    facts.each_container("with the engine's socket", |one| {
        found(&one.mounts, |mount| {
            let source = mount.source.trim_end_matches('/');
            // A folder above brings it along, and everything else that is there.
            SOCKETS.iter().copied().chain(own).any(|socket| source == socket || is_below(socket, source))
        })
    })
}

fn found(mounts: &[Mount], like: impl Fn(&Mount) -> bool) -> Option<String> {
    let words =
        |mount: &Mount| format!("{} at {}{}", mount.source, mount.target, if mount.writable { "" } else { ", read only" });
    let found: Vec<String> = mounts.iter().filter(|mount| like(mount)).map(words).collect();
    (!found.is_empty()).then(|| found.join("; "))
}
