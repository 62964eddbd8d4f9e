//! A service with addresses of its own choice.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K070",
    aliases: &["KSV-0108"],
    severity: Severity::High,
    title: "The service takes the traffic of addresses it names itself",
    why: "Who may write such services takes the traffic of any address, of other services and of hosts outside (CVE-2020-8554).",
    fix: "Take `externalIPs` out; use a load balancer or an Ingress.",
    link: "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
    check,
    bad: "apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  externalIPs: [192.0.2.1]
  ports:
    - port: 80
",
    good: "apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let addresses = object.root.at("spec.externalIPs").filter(|list| object.is("", "Service") && !list.items().is_empty());
    addresses.map(|list| object.hit(list.line, "")).into_iter().collect()
}
