//! The user is root by number.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K021",
    aliases: &["KSV-0105", "CIS-K8S-5.2.7", "PSS:restricted"],
    severity: Severity::Medium,
    title: "The container runs as root",
    why: "What breaks out of a process that is root in the container is root on the node.",
    fix: "Write `runAsUser: 10001`, or leave it to the image and write `runAsNonRoot: true`.",
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
        runAsUser: 0
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
    if object.pod.as_ref().is_some_and(|pod| pod.user_namespace) {
        return Vec::new();
    }
    object.each_context("runAsUser", |node| (node.number() == Some(0)).then(String::new))
}
