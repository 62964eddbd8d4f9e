//! Tiller.

use model::severity::Severity;

use super::images::images;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K075",
    aliases: &["KSV-0102"],
    severity: Severity::High,
    title: "Tiller, the server of Helm 2, is installed",
    why: "It has been without care since 2020, and does for everyone who reaches it what an administrator may.",
    fix: "Use Helm 3 or later, which has no server.",
    link: "https://helm.sh/docs/faq/changes_since_helm2/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: ghcr.io/helm/tiller:v2.17.0
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    images(object, |image, _| image.short() == "tiller")
}
