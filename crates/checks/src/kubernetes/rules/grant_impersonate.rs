//! A role that speaks in the name of others.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K055",
    aliases: &["KSV-0043", "CIS-K8S-5.1.8"],
    severity: Severity::Critical,
    title: "The role acts in the name of any user or group",
    why: "It is whoever it says it is, an administrator included.",
    fix: "Take `impersonate` out, or name the users in `resourceNames`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [users, groups]
    verbs: [impersonate]
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
    object.each_grant(|grant| {
        grant.resources("", &["users", "groups", "serviceaccounts"]) && grant.verbs(&["impersonate"]) && !grant.all("verbs")
    })
}
