//! The container adds NET_RAW.

use model::severity::Severity;

use super::capabilities::added;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K011",
    aliases: &["KSV-0119", "KSV-0022", "KSV-0106", "CIS-K8S-5.2.8", "CIS-K8S-5.2.9", "PSS:baseline"],
    severity: Severity::Medium,
    title: "The container adds NET_RAW",
    why: "It sends packets in the name of other pods, as for spoofing of ARP and DNS.",
    fix: "Take `NET_RAW` out of `capabilities.add`.",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
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
        capabilities:
          add: [NET_RAW]
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
        capabilities:
          drop: [ALL]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    added(object, |_, name| name == "NET_RAW")
}
