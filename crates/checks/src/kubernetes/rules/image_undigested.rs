//! The image has no digest.

use model::severity::Severity;

use super::images::images;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K040",
    aliases: &[],
    severity: Severity::Negligible,
    title: "The image is named by a tag alone",
    why: "A tag can be moved, by mistake or by an attacker; the digest cannot.",
    fix: "Add the digest, as in `app:1.2@sha256:…`.",
    link: "https://kubernetes.io/docs/concepts/containers/images/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2@sha256:9999999999999999999999999999999999999999999999999999999999999999
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    images(object, |image, _| !image.is_latest() && !image.digest)
}
