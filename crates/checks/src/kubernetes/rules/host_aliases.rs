//! Entries in /etc/hosts.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K034",
    aliases: &["KSV-0007"],
    severity: Severity::Low,
    title: "The pod writes its own /etc/hosts",
    why: "Names go where the manifest says, whatever DNS says, and nobody sees it when an address changes hands.",
    fix: "Use a Service, with `externalName` or endpoints, for what lies outside.",
    link: "https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/",
    check,
    bad: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostAliases:
    - ip: 192.0.2.1
      hostnames: [db.example]
  containers:
    - name: app
      image: app:1.2
",
    good: "apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  dnsPolicy: ClusterFirst
  containers:
    - name: app
      image: app:1.2
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let aliases = object.pod.as_ref().and_then(|pod| pod.spec.get("hostAliases"));
    aliases.filter(|list| !list.items().is_empty()).map(|list| object.hit(list.line, "")).into_iter().collect()
}
