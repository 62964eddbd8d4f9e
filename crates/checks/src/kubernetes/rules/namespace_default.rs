//! The namespace `default`.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K044",
    aliases: &["KSV-0110", "CIS-K8S-5.7.4"],
    severity: Severity::Low,
    title: "The namespace is `default`",
    why: "Rights, quotas and network policies are given by namespace; in that one everything is together.",
    fix: "Make a namespace for the application.",
    link: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: default
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
    // Where none is written, whoever applies the manifest decides.
    let is_default = object.pod.is_some() && object.namespace == Some("default");
    let line = object.root.at("metadata.namespace").map_or(object.line, |node| node.line);
    is_default.then(|| object.hit(line, "")).into_iter().collect()
}
