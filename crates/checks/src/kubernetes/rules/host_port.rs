//! A port of the node.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K006",
    aliases: &["KSV-0024", "CIS-K8S-5.2.13", "PSS:baseline"],
    severity: Severity::Medium,
    title: "The container takes a port of the node",
    why: "The port is open on every address of the node, past Services and network policies, and only one such pod fits on a node.",
    fix: "Take `hostPort` out and put a Service in front.",
    link: "https://kubernetes.io/docs/concepts/configuration/overview/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      ports:
        - containerPort: 8080
          hostPort: 8080
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      ports:
        - containerPort: 8080
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_of(|_, container| {
        let ports = container.node.get("ports").map(Node::items).unwrap_or_default();
        let taken = ports.iter().filter_map(|port| port.get("hostPort")).filter(|port| port.number() != Some(0));
        taken.map(|port| (port.line, port.text().unwrap_or_default().to_owned())).collect()
    })
}
