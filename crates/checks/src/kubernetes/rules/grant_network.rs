//! The role changes what reaches which pod.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K065",
    aliases: &["KSV-0056"],
    severity: Severity::Low,
    title: "The role changes what reaches which pod",
    why: "It opens services to the outside, or takes traffic to pods of its own.",
    fix: "Take the verbs that write out, or name the objects in `resourceNames`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies]
    verbs: [delete]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies]
    verbs: [get]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| {
        grant.resources("networking.k8s.io", &["networkpolicies", "ingresses"])
            && grant.verbs(&["create", "update", "patch", "delete"])
    })
}
