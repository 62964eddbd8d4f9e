//! AppArmor is off.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K027",
    aliases: &["KSV-0002", "PSS:baseline"],
    severity: Severity::Medium,
    title: "AppArmor is off, or names a profile that there is not",
    why: "Nothing keeps the container from mounts and files that the runtime's profile guards.",
    fix: "Write `appArmorProfile: {type: RuntimeDefault}`, or leave it out.",
    link: "https://kubernetes.io/docs/tutorials/security/apparmor/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        appArmorProfile:
          type: Unconfined
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      securityContext:
        appArmorProfile:
          type: RuntimeDefault
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let mut hits = object.each_context("appArmorProfile.type", |node| {
        let named = node.text().unwrap_or_default();
        (!matches!(named, "RuntimeDefault" | "Localhost")).then(|| named.to_owned())
    });
    // As it was written before there was a field.
    let annotations = object.pod.as_ref().and_then(|pod| pod.metadata?.get("annotations"));
    for annotation in annotations.map(Node::entries).unwrap_or_default() {
        let profile = annotation.value.text().unwrap_or_default();
        let is_known = profile.is_empty() || profile == "runtime/default" || profile.starts_with("localhost/");
        if annotation.key.starts_with("container.apparmor.security.beta.kubernetes.io/") && !is_known {
            hits.push(object.hit(annotation.value.line, profile));
        }
    }
    hits
}
