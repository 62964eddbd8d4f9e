//! The token of the default service account.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K042",
    aliases: &["KSV-0036", "CIS-K8S-5.1.5", "CIS-K8S-5.1.6"],
    severity: Severity::Low,
    title: "The pod gets the default service account's token",
    why: "Whoever gets into the pod asks the API in its name, and with every right that anyone ever bound to it.",
    fix: "Write `automountServiceAccountToken: false`, or name a service account of its own.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: default
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  automountServiceAccountToken: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let Some(pod) = &object.pod else { return Vec::new() };
    let account = pod.spec.get("serviceAccountName").or_else(|| pod.spec.get("serviceAccount"));
    let off = pod.spec.get("automountServiceAccountToken").and_then(Node::switch) == Some(false);
    if off || account.is_some_and(|account| !account.is_one_of(&["default", ""])) {
        return Vec::new();
    }
    vec![object.hit(account.map_or(pod.spec.line, |account| account.line), "")]
}
