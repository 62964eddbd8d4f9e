//! Capabilities are not all dropped.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K013",
    aliases: &["KSV-0003", "KSV-0004", "KSV-0106", "CIS-K8S-5.2.8", "CIS-K8S-5.2.10", "PSS:restricted"],
    severity: Severity::Low,
    title: "The container does not drop all capabilities",
    why: "It starts with a dozen parts of root's power that few programs need, those of a process that is root included.",
    fix: "Write `capabilities: {drop: [ALL]}` into its securityContext, and add back what fails.",
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
        capabilities:
          drop: [NET_RAW]
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
    object.each(|pod, container| {
        let dropped = container.capabilities("drop");
        // Admission knows no other spelling.
        if pod.windows || dropped.iter().any(|(_, name)| name == &"ALL") {
            return None;
        }
        let line = dropped.first().map_or(container.node.line, |(line, _)| *line);
        Some((line, String::new()))
    })
}
