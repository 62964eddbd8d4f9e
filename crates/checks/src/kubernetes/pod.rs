//! The pod that a workload makes, whatever the workload is, and its containers.

use super::short;
use crate::yaml::Node;

/// A pod, or the template of one.
#[derive(Debug)]
pub struct Pod<'a> {
    /// Its labels and annotations.
    pub metadata: Option<&'a Node>,
    /// Its specification.
    pub spec: &'a Node,
    /// Containers of every kind.
    pub containers: Vec<Container<'a>>,
    /// Whether it says that it runs on Windows.
    pub windows: bool,
    /// Whether it has user ids of its own, so that root in it is nobody outside.
    pub user_namespace: bool,
}

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    /// Runs as long as the pod.
    Main,
    /// Runs before.
    Init,
    /// Put in to look at a running pod.
    Ephemeral,
}

/// A container.
#[derive(Debug)]
pub struct Container<'a> {
    /// What it is for.
    pub kind: ContainerKind,
    /// Its name.
    pub name: &'a str,
    /// All of it.
    pub node: &'a Node,
}

impl<'a> Pod<'a> {
    pub(super) fn of(root: &'a Node, group: &str, kind: &str) -> Option<Self> {
        let template = match (group, kind) {
            ("", "Pod") => root,
            ("", "PodTemplate") => root.get("template")?,
            (_, "CronJob") => root.at("spec.jobTemplate.spec.template")?,
            // Deployments and whatever is built like them, of others too (Rollout, DeploymentConfig).
            _ => root.at("spec.template").filter(|template| template.at("spec.containers").is_some())?,
        };
        let spec = template.get("spec")?;
        let mut containers = Vec::new();
        for (key, kind) in [
            ("initContainers", ContainerKind::Init),
            ("containers", ContainerKind::Main),
            ("ephemeralContainers", ContainerKind::Ephemeral),
        ] {
            for node in spec.get(key).map(Node::items).unwrap_or_default() {
                let name = node.get("name").and_then(Node::text).map(short).unwrap_or_default();
                containers.push(Container { kind, name, node });
            }
        }
        let windows = spec.at("os.name").is_some_and(|name| name.is_one_of(&["windows"]));
        let user_namespace = spec.get("hostUsers").and_then(Node::switch) == Some(false);
        Some(Self { metadata: template.get("metadata"), spec, containers, windows, user_namespace })
    }

    /// A field of the pod's own security context.
    pub fn security(&self, path: &str) -> Option<&'a Node> {
        self.spec.get("securityContext")?.at(path)
    }

    /// Its volumes.
    pub fn volumes(&self) -> &'a [Node] {
        self.spec.get("volumes").map(Node::items).unwrap_or_default()
    }

    /// Paths of the host that it mounts, with their lines.
    pub fn host_paths(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.volumes().iter().filter_map(|volume| {
            let path = volume.get("hostPath")?;
            let written = path.get("path");
            Some((written.map_or(path.line, |written| written.line), written.and_then(Node::text).unwrap_or_default()))
        })
    }
}

impl<'a> Container<'a> {
    /// A field of its own security context.
    pub fn security(&self, path: &str) -> Option<&'a Node> {
        self.node.get("securityContext")?.at(path)
    }

    /// Capabilities under `add` or `drop`, as they are written, with their lines.
    pub fn capabilities(&self, list: &str) -> Vec<(usize, &'a str)> {
        let listed = self.security("capabilities").and_then(|capabilities| capabilities.get(list));
        listed.map(|listed| listed.texts().collect()).unwrap_or_default()
    }

    /// Its variables: name, value and line.
    pub fn variables(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        let variables = self.node.get("env").map(Node::items).unwrap_or_default();
        variables.iter().filter_map(|variable| Some((variable.get("name")?.text()?, variable.get("value")?)))
    }
}
