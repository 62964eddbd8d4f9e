//! A role that gives itself more.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K056",
    aliases: &["KSV-0050", "CIS-K8S-5.1.8"],
    severity: Severity::Critical,
    title: "The role may give itself every right",
    why: "`escalate` and `bind` are how one gives what one does not have.",
    fix: "Take `escalate` and `bind` out, or name the roles in `resourceNames`.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [bind]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [get]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| {
        grant.resources("rbac.authorization.k8s.io", &["roles", "clusterroles"]) && grant.verbs(&["escalate", "bind"])
    })
}
