//! The container has SYS_ADMIN.

use model::severity::Severity;

use super::capabilities::added;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K009",
    aliases: &["KSV-0005", "KSV-0022", "KSV-0106", "CIS-K8S-5.2.9", "PSS:baseline"],
    severity: Severity::High,
    title: "The container has SYS_ADMIN",
    why: "It mounts file systems and changes namespaces, from which there are well-known ways out of the container.",
    fix: "Take `SYS_ADMIN` out of `capabilities.add`.",
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
        capabilities:
          add: [SYS_ADMIN]
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
        capabilities:
          drop: [ALL]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    added(object, |_, name| name == "SYS_ADMIN")
}
