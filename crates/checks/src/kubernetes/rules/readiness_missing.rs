//! The container has no readiness probe.

use model::severity::Severity;

use super::probes::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K049",
    aliases: &[],
    severity: Severity::Negligible,
    title: "The container has no readiness probe",
    why: "Requests go to it before it can answer.",
    fix: "Write a `readinessProbe` that asks the program itself.",
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
      readinessProbe:
        httpGet:
          port: 8080
          path: /healthz
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "readinessProbe")
}
