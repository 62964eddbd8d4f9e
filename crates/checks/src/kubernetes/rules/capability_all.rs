//! The container has all capabilities.

use model::severity::Severity;

use super::capabilities::added;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K008",
    aliases: &["KSV-0022", "KSV-0106", "CIS-K8S-5.2.9", "PSS:baseline"],
    severity: Severity::High,
    title: "The container has all capabilities",
    why: "All of root's power over the node's kernel: little is missing to a privileged container.",
    fix: "Take `ALL` out of `capabilities.add`.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
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
        capabilities:
          add: [ALL]
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
        capabilities:
          drop: [ALL]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    added(object, |_, name| name == "ALL")
}
