//! The container has no liveness probe.

use model::severity::Severity;

use super::probes::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K048",
    aliases: &[],
    severity: Severity::Negligible,
    title: "The container has no liveness probe",
    why: "Where the program hangs, nothing starts it anew.",
    fix: "Write a `livenessProbe` that asks the program itself.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      livenessProbe:
        httpGet:
          port: 8080
          path: /healthz
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "livenessProbe")
}
