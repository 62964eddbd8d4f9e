//! Bindings of administrator roles.

use model::severity::Severity;

use crate::kubernetes::grants::is_subject;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K066",
    aliases: &["KSV-0111", "CIS-K8S-5.1.1"],
    severity: Severity::High,
    title: "The binding makes an administrator",
    why: "Who has a token of it owns the cluster, or the namespace with all its secrets.",
    fix: "Make a role with what is used, and bind that.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: bound
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: web
    namespace: shop
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: bound
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
  - kind: ServiceAccount
    name: web
    namespace: shop
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_subject(|role, subject| {
        matches!(role, "cluster-admin" | "admin" | "edit") && !is_subject(subject, "Group", &["system:masters"])
    })
}
