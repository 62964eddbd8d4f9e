//! A version of the API that is gone.

use model::severity::Severity;

use crate::kubernetes::{Object, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-K076",
    aliases: &["KSV-0107"],
    severity: Severity::Medium,
    title: "The API version is one that Kubernetes no longer has",
    why: "The cluster refuses it, so it is either never applied or kept for a cluster without updates.",
    fix: "Write the version that replaced it, as in `apps/v1`.",
    link: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    check,
    bad: "apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: web
spec:
  tls: [{hosts: [shop.example]}]
",
    good: "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls: [{hosts: [shop.example]}]
",
};

fn check(object: &Object<'_>) -> Vec<Hit> {
    let is_gone = GONE.iter().any(|(group, version, kinds)| {
        (object.group, object.version) == (*group, *version) && (kinds.is_empty() || kinds.contains(&object.kind))
    });
    let api = object.root.get("apiVersion");
    api.filter(|_| is_gone).map(|api| object.hit(api.line, api.text().unwrap_or_default())).into_iter().collect()
}

/// Group, version and kinds (all, where none is named) that no supported Kubernetes serves.
const GONE: [(&str, &str, &[&str]); 17] = [
    ("extensions", "v1beta1", &[]),
    ("apps", "v1beta1", &[]),
    ("apps", "v1beta2", &[]),
    ("networking.k8s.io", "v1beta1", &["Ingress", "IngressClass"]),
    ("rbac.authorization.k8s.io", "v1beta1", &[]),
    ("rbac.authorization.k8s.io", "v1alpha1", &[]),
    ("batch", "v1beta1", &[]),
    ("batch", "v2alpha1", &[]),
    ("policy", "v1beta1", &["PodDisruptionBudget", "PodSecurityPolicy"]),
    ("admissionregistration.k8s.io", "v1beta1", &["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]),
    ("apiextensions.k8s.io", "v1beta1", &[]),
    ("apiregistration.k8s.io", "v1beta1", &[]),
    ("certificates.k8s.io", "v1beta1", &["CertificateSigningRequest"]),
    ("storage.k8s.io", "v1beta1", &["CSIDriver", "CSINode", "CSIStorageCapacity", "StorageClass", "VolumeAttachment"]),
    ("autoscaling", "v2beta1", &[]),
    ("autoscaling", "v2beta2", &[]),
    ("scheduling.k8s.io", "v1beta1", &[]),
];
