//! The pod uses the network of the node.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K003",
    aliases: &["KSV-0009", "CIS-K8S-5.2.5", "PSS:baseline"],
    severity: Severity::High,
    title: "The pod uses the network of the node",
    why: "It sees the node's traffic, reaches what listens on its loopback, and no network policy holds it.",
    fix: "Take `hostNetwork: true` out.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostNetwork: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostNetwork: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.switched_on("hostNetwork")
}
