//! The group system:masters.

use model::severity::Severity;

use crate::kubernetes::grants::is_subject;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K069",
    aliases: &["KSV-0123", "CIS-K8S-5.1.7"],
    severity: Severity::High,
    title: "The group `system:masters` is given rights",
    why: "Its members may do everything, and no authorizer or webhook is asked; such rights cannot be taken back.",
    fix: "Bind a group of your own, and give nobody a certificate of that one.",
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
    name: system:masters
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
    object.each_subject(|_, subject| is_subject(subject, "Group", &["system:masters"]))
}
