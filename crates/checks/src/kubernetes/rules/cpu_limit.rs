//! The container's CPU time has no limit.

use model::severity::Severity;

use super::resources::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K036",
    aliases: &["KSV-0011"],
    severity: Severity::Negligible,
    title: "The container's CPU time has no limit",
    why: "It may take whatever CPU time others leave, as in mining of coins.",
    fix: "Write `resources: {limits: {cpu: 500m}}` with what it needs.",
    link: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      resources: {}
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      resources:
        limits:
          cpu: 100m
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "limits.cpu")
}
