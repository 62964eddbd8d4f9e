//! The pod sees the processes of the node.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K004",
    aliases: &["KSV-0010", "CIS-K8S-5.2.3", "PSS:baseline"],
    severity: Severity::High,
    title: "The pod sees the processes of the node",
    why: "It reads the environment of every process on the node, and with one privilege more it enters them.",
    fix: "Take `hostPID: true` out.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.switched_on("hostPID")
}
