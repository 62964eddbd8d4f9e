//! A namespace that allows privileged pods.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K074",
    aliases: &[],
    severity: Severity::High,
    title: "The namespace lets privileged pods in",
    why: "Whoever may make pods there is root on the nodes.",
    fix: "Write `pod-security.kubernetes.io/enforce: restricted`, or `baseline` at least.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    check,
    bad: "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: privileged
",
    good: "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: restricted
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let labels = object.root.at("metadata.labels").filter(|_| object.is("", "Namespace"));
    let level = labels.and_then(|labels| labels.get("pod-security.kubernetes.io/enforce"));
    level.filter(|level| level.is_one_of(&["privileged"])).map(|level| object.hit(level.line, "")).into_iter().collect()
}
