//! An image that moves is not pulled anew.

use model::severity::Severity;

use super::images::images;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K041",
    aliases: &[],
    severity: Severity::Low,
    title: "The image's tag moves, but it is not pulled anew",
    why: "Nodes run different versions under one name, and an image that another pod may not pull is there for it.",
    fix: "Write `imagePullPolicy: Always`, or name a version that does not move.",
    link: "https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:stable
      imagePullPolicy: IfNotPresent
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:stable
      imagePullPolicy: Always
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    images(object, |image, container| {
        let policy = container.node.get("imagePullPolicy");
        image.is_moving() && policy.is_some_and(|policy| policy.is_one_of(&["IfNotPresent", "Never"]))
    })
}
