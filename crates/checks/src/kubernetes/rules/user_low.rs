//! The user id is one that the node may give, too.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K022",
    aliases: &["KSV-0020"],
    severity: Severity::Negligible,
    title: "The user id is one that the node may use as well",
    why: "A process that gets out owns whatever that user owns on the node.",
    fix: "Write a `runAsUser` above 10000.",
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
        runAsUser: 1000
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
        runAsUser: 10001
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_context("runAsUser", |node| {
        let user = node.number().filter(|user| (1..=10_000).contains(user))?;
        Some(user.to_string())
    })
}
