//! Volumes of a type that the restricted level does not know.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;
use crate::yaml::Value;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K018",
    aliases: &["KSV-0028", "PSS:restricted"],
    severity: Severity::Low,
    title: "The volume's type bypasses the cluster's storage",
    why: "The pod itself names the server and how to log in, so whoever may write pods reaches any such server from the node.",
    fix: "Let an administrator make a PersistentVolume of it, and claim that.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
    - name: share
      nfs:
        server: files.example
        path: /share
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
    - name: share
      persistentVolumeClaim:
        claimName: share
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let Some(pod) = &object.pod else { return Vec::new() };
    let mut hits = Vec::new();
    for volume in pod.volumes() {
        let types: Vec<&str> =
            volume.entries().iter().filter(|entry| entry.value.value != Value::Null).map(|entry| entry.key.as_str()).collect();
        // Folders of the node have rules of their own.
        if !types.iter().any(|one| ALLOWED.contains(one) || *one == "hostPath") {
            let named = types.iter().find(|one| **one != "name").copied().unwrap_or("no type");
            hits.push(object.hit(volume.line, named));
        }
    }
    hits
}

/// What the restricted level allows.
const ALLOWED: [&str; 8] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
