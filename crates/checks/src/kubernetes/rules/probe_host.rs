//! Probes and hooks that ask another host.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K031",
    aliases: &["PSS:baseline"],
    severity: Severity::Medium,
    title: "A probe or hook asks another host than the pod",
    why: "The kubelet makes the request from the node's network, so the pod reaches what it cannot reach itself.",
    fix: "Take `host` out; the kubelet asks the pod.",
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
      livenessProbe:
        httpGet:
          port: 8080
          host: 169.254.169.254
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: app:1.2
      livenessProbe:
        httpGet:
          port: 8080
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    object.each_of(|_, container| {
        let asks = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
        let ways = asks.iter().flat_map(|ask| ["httpGet", "tcpSocket"].map(|way| format!("{ask}.{way}.host")));
        let hosts = ways.filter_map(|path| container.node.at(&path));
        let named = hosts.filter_map(|host| Some((host.line, host.text().filter(|text| !text.is_empty())?.to_owned())));
        named.collect()
    })
}
