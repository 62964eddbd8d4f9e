//! Rights for the default service account.

use model::severity::Severity;

use crate::kubernetes::grants::is_subject;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K043",
    aliases: &["CIS-K8S-5.1.5"],
    severity: Severity::Medium,
    title: "The default service account is given rights",
    why: "Every pod of the namespace that names no other has them.",
    fix: "Make a service account for the one workload that needs them.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: bound
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
  - kind: ServiceAccount
    name: default
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
    object.each_subject(|_, subject| is_subject(subject, "ServiceAccount", &["default"]))
}
