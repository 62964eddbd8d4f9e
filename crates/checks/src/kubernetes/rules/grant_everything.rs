//! A role that may do everything.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K050",
    aliases: &["KSV-0044", "KSV-0046", "KSV-0112", "CIS-K8S-5.1.3"],
    severity: Severity::Critical,
    title: "The role may do everything with everything",
    why: "Who has it is the administrator, and gets every right that is ever added.",
    fix: "List the verbs and resources that are used.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.all("verbs") && grant.all("resources"))
}
