//! The role reads every secret.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K053",
    aliases: &["KSV-0041", "KSV-0113", "CIS-K8S-5.1.2"],
    severity: Severity::Medium,
    title: "The role reads every secret",
    why: "Tokens of other service accounts may be among them, and with them their rights.",
    fix: "Name the secrets in `resourceNames`, without `list` and `watch`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [web-tls]
    verbs: [get]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.resources("", &["secrets"]) && grant.verbs(&["get", "list", "watch"]))
}
