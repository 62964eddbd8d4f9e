//! The role deletes logs of pods.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K064",
    aliases: &["KSV-0042"],
    severity: Severity::Low,
    title: "The role deletes logs of pods",
    why: "Who broke in removes the traces.",
    fix: "Take the verbs that delete out of `pods/log`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [delete]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.resources("", &["pods/log"]) && grant.verbs(&["delete", "deletecollection"]))
}
