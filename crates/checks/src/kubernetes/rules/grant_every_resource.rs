//! A role over every resource.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K052",
    aliases: &["KSV-0046", "KSV-0112", "CIS-K8S-5.1.3"],
    severity: Severity::High,
    title: "The role reaches every resource of a group",
    why: "Secrets are among them, and whatever is added later.",
    fix: "List the resources that are used.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: ["*"]
    verbs: [get, list]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [pods, services]
    verbs: [get, list]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.all("resources") && !grant.all("verbs"))
}
