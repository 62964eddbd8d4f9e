//! A secret in a variable.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::secret;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K046",
    aliases: &["CIS-K8S-5.4.1"],
    severity: Severity::High,
    title: "A variable holds what looks like a secret",
    why: "Whoever reads the manifest or describes the pod reads it.",
    fix: "Put it into a Secret and mount that as a file, or name it by `valueFrom.secretKeyRef`.",
    link: "https://kubernetes.io/docs/concepts/configuration/secret/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      env:
        - name: DB_PASSWORD
          value: hunter2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: db
              key: password
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_of(|_, container| {
        let secrets =
            container.variables().filter(|(name, value)| value.text().is_some_and(|text| secret::is_written(name, text)));
        secrets.map(|(name, value)| (value.line, name.to_owned())).collect()
    })
}
