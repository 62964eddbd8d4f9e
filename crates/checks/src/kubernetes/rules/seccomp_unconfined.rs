//! Seccomp is off.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K026",
    aliases: &["KSV-0104", "KSV-0030", "CIS-K8S-5.7.2", "PSS:baseline"],
    severity: Severity::Medium,
    title: "Seccomp is off, or names a profile that there is not",
    why: "The container may make every system call, those with known weaknesses included.",
    fix: "Write `type: RuntimeDefault`.",
    link: "https://kubernetes.io/docs/tutorials/security/seccomp/",
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
        seccompProfile:
          type: Unconfined
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
        seccompProfile:
          type: RuntimeDefault
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_context("seccompProfile.type", |node| {
        let named = node.text().unwrap_or_default();
        (!matches!(named, "RuntimeDefault" | "Localhost")).then(|| named.to_owned())
    })
}
