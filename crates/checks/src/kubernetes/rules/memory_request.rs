//! The container asks for no memory.

use model::severity::Severity;

use super::resources::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K037",
    aliases: &["KSV-0016"],
    severity: Severity::Negligible,
    title: "The container asks for no memory",
    why: "It is placed where there is none, and is among the first to be ended.",
    fix: "Write `resources: {requests: {memory: 128Mi}}` with what it needs.",
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
          memory: 128Mi
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "requests.memory")
}
