//! A role with every verb.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K051",
    aliases: &["KSV-0045", "CIS-K8S-5.1.3"],
    severity: Severity::High,
    title: "The role may do everything with some resources",
    why: "The star brings verbs that nobody thinks of, such as `deletecollection`, `bind` and `impersonate`.",
    fix: "List the verbs that are used.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: ["*"]
"#,
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, update]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.all("verbs") && grant.names_resources() && !grant.all("resources"))
}
