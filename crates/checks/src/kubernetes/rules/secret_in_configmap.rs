//! A secret in a ConfigMap.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::secret;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K047",
    aliases: &["KSV-0109", "KSV-01010"],
    severity: Severity::High,
    title: "A ConfigMap holds what looks like a secret",
    why: "ConfigMaps are readable for many more than Secrets, and are never encrypted.",
    fix: "Put it into a Secret.",
    link: "https://kubernetes.io/docs/concepts/configuration/secret/",
    check,
    bad: "apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  db.password: hunter2
",
    good: "apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  db.host: db.example
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    if !object.is("", "ConfigMap") {
        return Vec::new();
    }
    let data = object.root.get("data").map(Node::entries).unwrap_or_default();
    // A file of many lines is for whoever looks for secrets in files.
    let is_short = |text: &str| text.lines().count() <= 1 && secret::is_literal(text);
    let secrets = data.iter().filter(|entry| secret::is_name(&entry.key) && entry.value.text().is_some_and(is_short));
    secrets.map(|entry| object.hit(entry.value.line, &entry.key)).collect()
}
