//! A group of the container is root.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K023",
    aliases: &["KSV-0116"],
    severity: Severity::Low,
    title: "The container is in the group root",
    why: "Files of the node and of images are often readable for that group.",
    fix: "Name another group in `runAsGroup`, `fsGroup` and `supplementalGroups`.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    fsGroup: 0
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
    fsGroup: 10001
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let is_root = |node: &Node| (node.number() == Some(0)).then(String::new);
    let mut hits = object.each_context("runAsGroup", is_root);
    let Some(pod) = &object.pod else { return hits };
    let own = [pod.security("fsGroup")].into_iter().flatten();
    let more = pod.security("supplementalGroups").map(Node::items).unwrap_or_default();
    hits.extend(own.chain(more).filter(|node| is_root(node).is_some()).map(|node| object.hit(node.line, "")));
    hits
}
