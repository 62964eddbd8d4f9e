//! Capabilities beyond those that containers have by default.

use model::severity::Severity;

use super::capabilities::added;
use crate::capability::DEFAULT;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K007",
    aliases: &["KSV-0022", "KSV-0106", "CIS-K8S-5.2.9", "PSS:baseline"],
    severity: Severity::Medium,
    title: "The container has a capability beyond the default",
    why: "Each capability is a part of root's power over the node's kernel, and most lead to all of it.",
    fix: "Take it out of `capabilities.add`; `drop: [ALL]` and add only what fails without.",
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
          add: [SYS_PTRACE]
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
    // Some are told by rules of their own, as they are worse.
    added(object, |written, name| !DEFAULT.contains(&written) && !matches!(name, "ALL" | "SYS_ADMIN" | "SYS_MODULE" | "NET_RAW"))
}
