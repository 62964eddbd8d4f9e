//! A namespace of the cluster itself.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K045",
    aliases: &["KSV-0037"],
    severity: Severity::Low,
    title: "The namespace is one of the cluster itself",
    why: "Controls are often lifted there, and whoever reads secrets there reads those of the cluster.",
    fix: "Make a namespace for it, unless it is a part of the cluster.",
    link: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: kube-system
spec:
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let is_system = object.pod.is_some() && matches!(object.namespace, Some("kube-system" | "kube-public" | "kube-node-lease"));
    let line = object.root.at("metadata.namespace").map_or(object.line, |node| node.line);
    is_system.then(|| object.hit(line, "")).into_iter().collect()
}
