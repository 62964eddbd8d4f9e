//! The container runtime's socket is mounted.

use model::severity::Severity;

use super::host_paths::reaching;
use crate::host_path::Reach;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K014",
    aliases: &["KSV-0006", "KSV-0023", "CIS-K8S-5.2.12", "PSS:baseline"],
    severity: Severity::Critical,
    title: "The container runtime's socket is mounted",
    why: "Whoever speaks to it starts a privileged container, and is root on the node.",
    fix: "Take the mount out; builds have rootless builders, and the kubelet has an API for what runs.",
    link: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
    - name: host
      hostPath:
        path: /var/run/docker.sock
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
    - name: data
      emptyDir: {}
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    reaching(object, Reach::RuntimeSocket)
}
