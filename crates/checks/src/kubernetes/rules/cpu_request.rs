//! The container asks for no CPU time.

use model::severity::Severity;

use super::resources::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K038",
    aliases: &["KSV-0015"],
    severity: Severity::Negligible,
    title: "The container asks for no CPU time",
    why: "It is placed on nodes that have none left for it.",
    fix: "Write `resources: {requests: {cpu: 100m}}` with what it needs.",
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
        requests:
          cpu: 100m
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "requests.cpu")
}
