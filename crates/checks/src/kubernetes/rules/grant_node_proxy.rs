//! The role speaks to kubelets.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K059",
    aliases: &["KSV-0047", "CIS-K8S-5.1.10"],
    severity: Severity::High,
    title: "The role speaks to kubelets",
    why: "Through `nodes/proxy` it runs commands in every pod of a node, past audit and admission.",
    fix: "Take `nodes/proxy` out; metrics have `nodes/metrics`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [nodes/proxy]
    verbs: [get]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [nodes/metrics]
    verbs: [get]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.resources("", &["nodes/proxy"]) && grant.verbs(&["get", "create"]))
}
