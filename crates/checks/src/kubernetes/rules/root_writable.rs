//! The root file system can be written to.

use model::severity::Severity;

use crate::kubernetes::ContainerKind;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K019",
    aliases: &["KSV-0014"],
    severity: Severity::Low,
    title: "The container's root file system can be written to",
    why: "An intruder puts tools beside the program, or changes the program itself.",
    fix: "Write `readOnlyRootFilesystem: true`, and mount an `emptyDir` where the program has to write.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
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
        readOnlyRootFilesystem: false
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
        readOnlyRootFilesystem: true
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each(|pod, container| {
        let read_only = container.security("readOnlyRootFilesystem");
        // Windows has no such thing, and who debugs writes.
        if pod.windows || container.kind == ContainerKind::Ephemeral || read_only.is_some_and(Node::is_on) {
            return None;
        }
        Some((read_only.map_or(container.node.line, |node| node.line), String::new()))
    })
}
