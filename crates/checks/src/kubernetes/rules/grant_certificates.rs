//! The role approves certificates of the cluster.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K062",
    aliases: &["CIS-K8S-5.1.11"],
    severity: Severity::High,
    title: "The role approves certificates of the cluster",
    why: "It makes itself a certificate of any user or node.",
    fix: "Take `certificatesigningrequests/approval` out, or narrow the signer down.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [certificatesigningrequests/approval]
    verbs: [update]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [certificatesigningrequests]
    verbs: [get]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| {
        grant.resources("certificates.k8s.io", &["certificatesigningrequests/approval"]) && grant.verbs(&["update", "patch"])
    })
}
