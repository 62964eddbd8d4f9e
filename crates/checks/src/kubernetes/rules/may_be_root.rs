//! Nothing says that the container is not root.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K020",
    aliases: &["KSV-0012", "CIS-K8S-5.2.7", "PSS:restricted"],
    severity: Severity::Medium,
    title: "The container may run as root",
    why: "What breaks out of a process that is root in the container is root on the node.",
    fix: "Write `runAsNonRoot: true` into the pod's or the container's securityContext.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: false
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
    runAsNonRoot: true
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    // Root in a user namespace is nobody outside of it.
    let Some(pod) = object.pod.as_ref().filter(|pod| !pod.user_namespace) else { return Vec::new() };
    let own = pod.security("runAsNonRoot");
    let denied = own.filter(|node| !node.is_on()).map(|node| object.hit(node.line, ""));
    let inner = object.each(|_, container| match container.security("runAsNonRoot") {
        Some(node) if node.is_on() => None,
        Some(node) => Some((node.line, String::new())),
        // What the pod says holds, be it good or told already.
        None if own.is_some() => None,
        None => Some((container.node.line, String::new())),
    });
    denied.into_iter().chain(inner).collect()
}
