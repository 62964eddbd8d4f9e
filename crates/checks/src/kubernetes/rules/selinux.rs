//! SELinux options.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K028",
    aliases: &["KSV-0025", "PSS:baseline"],
    severity: Severity::Medium,
    title: "SELinux options take the container out of its confinement",
    why: "Another type, user or role than that of containers reaches what containers do not.",
    fix: "Leave `type` out, or name `container_t`; take `user` and `role` out.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        seLinuxOptions:
          type: spc_t
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        seLinuxOptions:
          level: s0:c123,c456
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_context("seLinuxOptions", |options| {
        let set = |key: &str| options.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let allowed = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
        let other = set("type").filter(|name| !allowed.contains(name)).map(|name| format!("type {name}"));
        other.or_else(|| Some(format!("user {}", set("user")?))).or_else(|| Some(format!("role {}", set("role")?)))
    })
}
