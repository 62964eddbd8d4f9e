//! A role that makes pods.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K058",
    aliases: &["KSV-0048", "CIS-K8S-5.1.4"],
    severity: Severity::Medium,
    title: "The role makes pods",
    why: "A pod runs as any service account of its namespace and mounts any of its secrets.",
    fix: "Give it in namespaces of its own alone, or take the verbs that write out.",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    check,
    bad: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [create]
",
    good: "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let writes = ["create", "update", "patch"];
    object.each_grant(|grant| {
        let makes_pods = grant.resources("", &["pods", "replicationcontrollers"])
            || grant.resources("apps", &["deployments", "daemonsets", "statefulsets", "replicasets"])
            || grant.resources("batch", &["jobs", "cronjobs"]);
        makes_pods && grant.verbs(&writes)
    })
}
