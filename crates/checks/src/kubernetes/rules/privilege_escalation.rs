//! Processes may gain privileges.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K002",
    aliases: &["KSV-0001", "CIS-K8S-5.2.6", "PSS:restricted"],
    severity: Severity::Medium,
    title: "Processes in the container may gain privileges",
    why: "A program with a set-user-ID bit or file capabilities turns an ordinary process into root.",
    fix: "Write `allowPrivilegeEscalation: false` into the container's securityContext.",
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
        runAsUser: 10001
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
        allowPrivilegeEscalation: false
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each(|pod, container| {
        // The field has no meaning on Windows.
        if pod.windows {
            return None;
        }
        match container.security("allowPrivilegeEscalation") {
            Some(node) if node.switch() == Some(false) => None,
            Some(node) => Some((node.line, String::new())),
            None => Some((container.node.line, String::new())),
        }
    })
}
