//! Unsafe sysctls.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K030",
    aliases: &["KSV-0026", "PSS:baseline"],
    severity: Severity::Medium,
    title: "A kernel parameter is set that is not known to be safe",
    why: "It may hold for the whole node, or take a guard of the kernel away.",
    fix: "Take it out of `sysctls`, or set it on nodes set apart.",
    link: "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: kernel.msgmax
        value: '65536'
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.tcp_syncookies
        value: '1'
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let sysctls = object.pod.as_ref().and_then(|pod| pod.security("sysctls")).map(Node::items).unwrap_or_default();
    let names = sysctls.iter().filter_map(|sysctl| Some((sysctl.line, sysctl.get("name")?.text()?)));
    names.filter(|(_, name)| !SAFE.contains(name)).map(|(line, name)| object.hit(line, name)).collect()
}

/// What the baseline level allows, as of Kubernetes 1.32.
const SAFE: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];
