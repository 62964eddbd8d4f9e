//! Containers that see each other's processes.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K033",
    aliases: &[],
    severity: Severity::Low,
    title: "The containers of the pod see each other's processes",
    why: "Each reads the environment and the files of all others, secrets included.",
    fix: "Take `shareProcessNamespace: true` out.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  shareProcessNamespace: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  shareProcessNamespace: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.switched_on("shareProcessNamespace")
}
