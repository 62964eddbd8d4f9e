//! A network policy that allows everything.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K073",
    aliases: &[],
    severity: Severity::Medium,
    title: "The network policy lets everybody in",
    why: "An empty rule allows all traffic, whatever other policies say.",
    fix: "Name in `from` who may ask.",
    link: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    check,
    bad: "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  ingress:
    - {}
",
    good: "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: front
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    if !object.is("networking.k8s.io", "NetworkPolicy") {
        return Vec::new();
    }
    let rules = object.root.at("spec.ingress").map(Node::items).unwrap_or_default();
    let is_open = |rule: &&Node| {
        let from = rule.get("from").map(Node::items).unwrap_or_default();
        let everywhere = |peer: &Node| peer.at("ipBlock.cidr").is_some_and(|cidr| cidr.is_one_of(&["0.0.0.0/0", "::/0"]));
        // Ports may be open to all, as those of a web server are.
        rule.get("ports").is_none() && (from.is_empty() || from.iter().any(everywhere))
    };
    rules.iter().filter(is_open).map(|rule| object.hit(rule.line, "")).collect()
}
