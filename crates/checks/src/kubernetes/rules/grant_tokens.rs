//! The role makes tokens of service accounts.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K061",
    aliases: &["CIS-K8S-5.1.13"],
    severity: Severity::High,
    title: "The role makes tokens of service accounts",
    why: "With the token it has the rights of that account.",
    fix: "Name the accounts in `resourceNames`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [serviceaccounts/token]
    verbs: [create]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.resources("", &["serviceaccounts/token"]) && grant.verbs(&["create"]))
}
