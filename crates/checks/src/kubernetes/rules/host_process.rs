//! Windows HostProcess containers.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K032",
    aliases: &["KSV-0103", "CIS-K8S-5.2.11", "PSS:baseline"],
    severity: Severity::High,
    title: "The container is a process of the Windows node",
    why: "It runs as a user of the node, with the node's files and network.",
    fix: "Take `hostProcess: true` out.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    windowsOptions:
      hostProcess: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    windowsOptions:
      hostProcess: false
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_context("windowsOptions.hostProcess", |node| node.is_on().then(String::new))
}
