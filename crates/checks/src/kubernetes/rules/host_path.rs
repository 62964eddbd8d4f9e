//! A folder of the node is mounted.

use model::severity::Severity;

use super::host_paths::reaching;
use crate::host_path::Reach;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K017",
    aliases: &["KSV-0023", "CIS-K8S-5.2.12", "PSS:baseline"],
    severity: Severity::Medium,
    title: "A folder of the node is mounted",
    why: "The files outlive the pod, are there for any other pod that asks, and differ from node to node.",
    fix: "Use a PersistentVolumeClaim, or `emptyDir` for what may go.",
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
        path: /data/app
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
    reaching(object, Reach::Other)
}
