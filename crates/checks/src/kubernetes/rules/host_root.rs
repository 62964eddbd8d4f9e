//! The whole file system of the node is mounted.

use model::severity::Severity;

use super::host_paths::reaching;
use crate::host_path::Reach;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K015",
    aliases: &["KSV-0121", "KSV-0023", "CIS-K8S-5.2.12", "PSS:baseline"],
    severity: Severity::High,
    title: "The whole file system of the node is mounted",
    why: "It reads every secret on the node, and where it may write, it is root there.",
    fix: "Mount the one folder that is needed, with `readOnly: true`.",
    link: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
    - name: host
      hostPath:
        path: /
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
    - name: data
      emptyDir: {}
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    reaching(object, Reach::Root)
}
