//! The role runs commands in pods.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K054",
    aliases: &["KSV-0053", "KSV-0054"],
    severity: Severity::High,
    title: "The role runs commands in pods",
    why: "It takes over every pod that it reaches, with its secrets and its service account.",
    fix: "Take `pods/exec` and `pods/attach` out.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods/exec]
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
    object.each_grant(|grant| grant.resources("", &["pods/exec", "pods/attach"]) && grant.verbs(&["create", "get"]))
}
