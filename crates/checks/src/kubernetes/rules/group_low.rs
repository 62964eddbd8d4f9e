//! The group id is one that the node may give, too.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K024",
    aliases: &["KSV-0021"],
    severity: Severity::Negligible,
    title: "The group id is one that the node may use as well",
    why: "A process that gets out reads whatever that group reads on the node.",
    fix: "Write a `runAsGroup` above 10000.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        runAsGroup: 1000
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        runAsGroup: 10001
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_context("runAsGroup", |node| {
        let group = node.number().filter(|group| (1..=10_000).contains(group))?;
        Some(group.to_string())
    })
}
