//! A sensitive folder of the node is mounted.

use model::severity::Severity;

use super::host_paths::reaching;
use crate::host_path::Reach;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K016",
    aliases: &["KSV-0121", "KSV-0023", "CIS-K8S-5.2.12", "PSS:baseline"],
    severity: Severity::High,
    title: "A sensitive folder of the node is mounted",
    why: "From there it takes keys of the node and its pods, or changes what the node runs.",
    fix: "Use a ConfigMap, Secret or PersistentVolumeClaim.",
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
        path: /etc/kubernetes
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
    reaching(object, Reach::Sensitive)
}
