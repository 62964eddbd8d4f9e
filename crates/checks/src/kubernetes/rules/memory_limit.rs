//! The container's memory has no limit.

use model::severity::Severity;

use super::resources::missing;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K035",
    aliases: &["KSV-0018"],
    severity: Severity::Low,
    title: "The container's memory has no limit",
    why: "A leak or an attack takes the node's memory, and the kernel ends other pods.",
    fix: "Write `resources: {limits: {memory: 256Mi}}` with what it needs.",
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
          memory: 128Mi
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    missing(object, "limits.memory")
}
