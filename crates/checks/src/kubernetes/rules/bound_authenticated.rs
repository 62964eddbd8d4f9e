//! Rights for every account.

use model::severity::Severity;

use crate::kubernetes::grants::is_subject;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K068",
    aliases: &["KSV-01011"],
    severity: Severity::High,
    title: "Every account is given rights",
    why: "Every service account of the cluster is one, and on some hosted clusters everyone with an account at the host.",
    fix: "Bind users, groups or service accounts by name.",
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
  - kind: Group
    name: system:authenticated
    apiGroup: rbac.authorization.k8s.io
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
  - kind: Group
    name: operators
    apiGroup: rbac.authorization.k8s.io
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_subject(|_, subject| is_subject(subject, "Group", &["system:authenticated"]))
}
