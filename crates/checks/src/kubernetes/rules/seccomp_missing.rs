//! No seccomp profile.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K025",
    aliases: &["KSV-0030", "KSV-0104", "CIS-K8S-5.7.2", "PSS:restricted"],
    severity: Severity::Low,
    title: "No seccomp profile is set",
    why: "Unless the kubelet is told otherwise, the container may make every system call, those with known weaknesses included.",
    fix: "Write `seccompProfile: {type: RuntimeDefault}` into the pod's securityContext.",
    link: "https://kubernetes.io/docs/tutorials/security/seccomp/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    // What the pod says holds where the container says nothing.
    let path = "seccompProfile.type";
    if object.pod.as_ref().is_none_or(|pod| pod.windows || pod.security(path).is_some()) {
        return Vec::new();
    }
    object.each(|_, container| container.security(path).is_none().then(|| (container.node.line, String::new())))
}
