//! Rights for everybody.

use model::severity::Severity;

use crate::kubernetes::grants::is_subject;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K067",
    aliases: &["KSV-0122"],
    severity: Severity::Critical,
    title: "Everybody is given rights, without logging in",
    why: "Whoever reaches the API has them.",
    fix: "Bind users, groups or service accounts that there are.",
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
    name: system:unauthenticated
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
    object.each_subject(|_, subject| {
        is_subject(subject, "User", &["system:anonymous"]) || is_subject(subject, "Group", &["system:unauthenticated"])
    })
}
