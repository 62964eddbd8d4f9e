//! The pod shares memory and queues with the node.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K005",
    aliases: &["KSV-0008", "CIS-K8S-5.2.4", "PSS:baseline"],
    severity: Severity::High,
    title: "The pod shares memory and queues with the node",
    why: "It reads and writes the shared memory of every process on the node.",
    fix: "Take `hostIPC: true` out.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostIPC: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostIPC: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.switched_on("hostIPC")
}
