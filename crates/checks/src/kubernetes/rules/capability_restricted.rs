//! Default capabilities that are added by name.

use model::severity::Severity;

use super::capabilities::added;
use crate::capability::DEFAULT;
use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K012",
    aliases: &["KSV-0106", "KSV-0022", "PSS:restricted"],
    severity: Severity::Low,
    title: "The container adds back a capability that was to be dropped",
    why: "What was dropped comes back; a server needs at most the ports below 1024.",
    fix: "Leave `NET_BIND_SERVICE` at most in `capabilities.add`.",
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
          drop: [ALL]
          add: [CHOWN]
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
          add: [NET_BIND_SERVICE]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    // The capabilities mean nothing on Windows; those beyond the default are told by other rules.
    if object.pod.as_ref().is_some_and(|pod| pod.windows) {
        return Vec::new();
    }
    added(object, |written, _| DEFAULT.contains(&written) && written != "NET_BIND_SERVICE")
}
