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
    let is_secret = |key: &str, text: &str| text.lines().count() <= 1 && secret::is_written(key, text);
    let secrets = data.iter().filter(|entry| entry.value.text().is_some_and(|text| is_secret(&entry.key, text)));
    secrets.map(|entry| object.hit(entry.value.line, &entry.key)).collect()
}
