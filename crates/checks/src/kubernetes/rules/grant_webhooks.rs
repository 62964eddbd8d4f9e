//! The role writes admission webhooks.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K060",
    aliases: &["KSV-0114", "CIS-K8S-5.1.12"],
    severity: Severity::High,
    title: "The role writes admission webhooks",
    why: "It reads and changes every object that anybody writes, secrets included.",
    fix: "Name the webhooks in `resourceNames`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: [mutatingwebhookconfigurations]
    verbs: [create, update]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: [mutatingwebhookconfigurations]
    resourceNames: [web]
    verbs: [update]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| {
        grant.resources("admissionregistration.k8s.io", &["validatingwebhookconfigurations", "mutatingwebhookconfigurations"])
            && grant.verbs(&["create", "update", "patch"])
    })
}
