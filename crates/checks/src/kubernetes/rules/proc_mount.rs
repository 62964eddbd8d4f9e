//! /proc without its masks.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K029",
    aliases: &["KSV-0027", "PSS:baseline"],
    severity: Severity::Medium,
    title: "The container sees the whole of /proc",
    why: "The masks hide switches and memory of the kernel.",
    fix: "Take `procMount` out, or write `Default`.",
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
        procMount: Unmasked
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
        procMount: Default
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    if object.pod.as_ref().is_some_and(|pod| pod.user_namespace) {
        return Vec::new();
    }
    object.each(|_, container| {
        let mount = container.security("procMount").filter(|node| !node.is_one_of(&["Default"]))?;
        Some((mount.line, mount.text().unwrap_or_default().to_owned()))
    })
}
