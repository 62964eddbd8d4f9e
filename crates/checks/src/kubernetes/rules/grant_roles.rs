//! The role writes roles or bindings.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K057",
    aliases: &["KSV-0050", "KSV-0051", "KSV-0052"],
    severity: Severity::High,
    title: "The role writes roles or bindings",
    why: "It hands out whatever rights it has, and nobody sees who has them in the end.",
    fix: "Leave roles to administrators, and take the verbs that write out.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [rolebindings]
    verbs: [create]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [rolebindings]
    verbs: [get]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| {
        grant.resources("rbac.authorization.k8s.io", &["roles", "clusterroles", "rolebindings", "clusterrolebindings"])
            && grant.verbs(&["create", "update", "patch"])
    })
}
