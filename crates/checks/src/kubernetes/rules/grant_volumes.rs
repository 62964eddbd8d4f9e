//! The role makes persistent volumes.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K063",
    aliases: &["CIS-K8S-5.1.9"],
    severity: Severity::Medium,
    title: "The role makes persistent volumes",
    why: "A volume may be any folder of a node.",
    fix: "Let a provisioner make them from claims.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [persistentvolumes]
    verbs: [create]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [persistentvolumeclaims]
    verbs: [create]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.resources("", &["persistentvolumes"]) && grant.verbs(&["create"]))
}
