//! The role decides who logs in to an EKS cluster.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K077",
    aliases: &["KSV-0115"],
    severity: Severity::High,
    title: "The role decides who logs in to an EKS cluster",
    why: "Whoever writes the ConfigMap `aws-auth` makes any user of AWS an administrator.",
    fix: "Take the verbs that write out; EKS has access entries for that.",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    check,
    bad: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [aws-auth]
    verbs: [get, update]
"#,
    good: r#"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [web]
    verbs: [get, update]
"#,
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_grant(|grant| grant.names("configmaps", "aws-auth") && grant.verbs(&["create", "update", "patch", "delete"]))
}
