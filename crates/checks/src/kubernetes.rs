//! Manifests of Kubernetes (<https://kubernetes.io/docs/reference/kubernetes-api/>): objects, and the pods that workloads make.

mod grants;
mod hits;
pub mod pod;
pub mod rules;
pub mod standard;

use crate::found::Found;
use crate::rule::{self, Hit};
use crate::yaml::{Ignored, Node};

pub use pod::{Container, ContainerKind, Pod};

/// A rule over objects of Kubernetes.
pub type Rule = rule::Rule<for<'a> fn(&Object<'a>) -> Vec<Hit>>;

/// One object.
#[derive(Debug)]
pub struct Object<'a> {
    /// All of it.
    pub root: &'a Node,
    /// The group of its `apiVersion`, empty for the core.
    pub group: &'a str,
    /// The version of its `apiVersion`.
    pub version: &'a str,
    /// `Deployment`, ….
    pub kind: &'a str,
    /// Its name, or what its name begins with.
    pub name: &'a str,
    /// Its namespace, where it is written.
    pub namespace: Option<&'a str>,
    /// The line of its kind.
    pub line: usize,
    /// The pod that it is or makes.
    pub pod: Option<Pod<'a>>,
}

impl<'a> Object<'a> {
    /// The objects of a document; none where it is no manifest of Kubernetes.
    pub fn all(root: &'a Node) -> Vec<Self> {
        Self::typed(root, None).map_or_else(Vec::new, |object| {
            let Some(item) = object.kind.strip_suffix("List") else { return vec![object] };
            let Some(items) = root.get("items") else { return vec![object] };
            // The items of a typed list need not say what they are.
            let kind = Some((object.root.get("apiVersion").and_then(Node::text).unwrap_or_default(), item));
            items.items().iter().filter_map(|node| Self::typed(node, kind.filter(|_| !item.is_empty()))).collect()
        })
    }

    fn typed(root: &'a Node, otherwise: Option<(&'a str, &'a str)>) -> Option<Self> {
        let written = |key: &str| root.get(key).and_then(Node::text);
        let api = written("apiVersion").or(otherwise.map(|(api, _)| api))?;
        let kind = written("kind").or(otherwise.map(|(_, kind)| kind))?;
        let (group, version) = api.rsplit_once('/').unwrap_or(("", api));
        let name = root
            .at("metadata.name")
            .or_else(|| root.at("metadata.generateName"))
            .and_then(Node::text)
            .map(short)
            .unwrap_or_default();
        let namespace = root.at("metadata.namespace").and_then(Node::text).map(short);
        let line = root.get("kind").map_or(root.line, |node| node.line);
        Some(Self { root, group, version, kind: short(kind), name, namespace, line, pod: Pod::of(root, group, kind) })
    }

    /// Whether it is of this kind of this group.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// What people call it: `Deployment shop/web`.
    pub fn title(&self) -> String {
        match self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        }
    }
}

/// As much of a name as names have at most.
pub(crate) fn short(name: &str) -> &str {
    name.char_indices().nth(253).map_or(name, |(at, _)| &name[..at])
}

/// Runs all rules over an object.
pub(crate) fn check(object: &Object<'_>, ignored: &Ignored, found: &mut Found) {
    let mut broken = Vec::new();
    for rule in rules::ALL {
        if found.is_full_at(object.line) {
            return;
        }
        let hits = (rule.check)(object);
        if !hits.is_empty() {
            broken.push(rule.id);
        }
        found.add(rule, hits, ignored);
    }
    // Which level a workload meets is not changed by a comment.
    found.pods.extend(object.pod.as_ref().map(|_| standard::PodSecurity::of(object, &broken)));
}
