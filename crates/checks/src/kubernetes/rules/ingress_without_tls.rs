//! An Ingress without TLS.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K072",
    aliases: &[],
    severity: Severity::Medium,
    title: "The Ingress takes requests without TLS",
    why: "What users send, passwords included, is readable and changeable on its way.",
    fix: "Name hosts and a certificate under `spec.tls`.",
    link: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    check,
    bad: "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example
",
    good: "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
    - hosts: [shop.example]
      secretName: web-tls
  rules:
    - host: shop.example
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let is_ingress = object.kind == "Ingress" && matches!(object.group, "networking.k8s.io" | "extensions");
    let tls = object.root.at("spec.tls").is_some_and(|list| !list.items().is_empty());
    (is_ingress && !tls).then(|| object.hit(object.line, "")).into_iter().collect()
}
