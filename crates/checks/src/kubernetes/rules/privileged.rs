//! A privileged container.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K001",
    aliases: &["KSV-0017", "CIS-K8S-5.2.2", "PSS:baseline"],
    severity: Severity::High,
    title: "The container is privileged",
    why: "It has every capability, every device and no confinement: root in it is root on the node.",
    fix: "Take `privileged: true` out, and add the one capability or device that is needed.",
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
        privileged: true
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
        privileged: false
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each(|_, container| {
        let privileged = container.security("privileged").filter(|node| node.is_on())?;
        Some((privileged.line, String::new()))
    })
}
