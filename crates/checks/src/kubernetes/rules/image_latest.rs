//! The image is `latest`, or has no tag.

use model::severity::Severity;

use super::images::images;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K039",
    aliases: &["KSV-0013"],
    severity: Severity::Medium,
    title: "The image is `latest`, or has no tag",
    why: "Nodes run different versions under one name, and nobody can go back to the one before.",
    fix: "Name a version, and better a digest, as in `app:1.2@sha256:…`.",
    link: "https://kubernetes.io/docs/concepts/containers/images/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app
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
    images(object, |image, _| image.is_latest())
}
