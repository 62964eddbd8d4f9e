//! A load balancer for everybody.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K071",
    aliases: &[],
    severity: Severity::Low,
    title: "The load balancer takes requests from everywhere",
    why: "The service is on the internet where the cloud gives public addresses.",
    fix: "Name who may ask in `loadBalancerSourceRanges`, or annotate it as internal.",
    link: "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
    check,
    bad: "apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - port: 80
",
    good: "apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [192.0.2.0/24]
  ports:
    - port: 80
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let kind = object.root.at("spec.type").filter(|node| object.is("", "Service") && node.is_one_of(&["LoadBalancer"]));
    let ranges = object.root.at("spec.loadBalancerSourceRanges").map(Node::items).unwrap_or_default();
    let narrowed = !ranges.is_empty() && !ranges.iter().any(|range| range.is_one_of(&["0.0.0.0/0", "::/0"]));
    let annotations = object.root.at("metadata.annotations").map(Node::entries).unwrap_or_default();
    let is_internal = annotations.iter().any(|annotation| {
        let value = annotation.value.text().unwrap_or_default();
        annotation.key.contains("internal") && value != "false" || value.eq_ignore_ascii_case("internal")
    });
    kind.filter(|_| !narrowed && !is_internal).map(|node| object.hit(node.line, "")).into_iter().collect()
}
