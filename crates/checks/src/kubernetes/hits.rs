//! How rules say where they speak: each hit names the object, and the container where it is about one.

use super::{Container, Object, Pod};
use crate::rule::Hit;
use crate::yaml::Node;

impl<'a> Object<'a> {
    /// A hit that is about the object; `detail` may be empty.
    pub(super) fn hit(&self, line: usize, detail: &str) -> Hit {
        Hit::of(self.title(), line, detail)
    }

    /// A hit that is about one of its containers.
    pub(super) fn hit_in(&self, container: &Container<'a>, line: usize, detail: &str) -> Hit {
        Hit::of(format!("{}, container {}", self.title(), container.name), line, detail)
    }

    /// Asks every container: the line and what it is about there.
    pub(super) fn each(&self, ask: impl Fn(&Pod<'a>, &Container<'a>) -> Option<(usize, String)>) -> Vec<Hit> {
        let Some(pod) = &self.pod else { return Vec::new() };
        let asked = pod.containers.iter().filter_map(|container| Some((container, ask(pod, container)?)));
        asked.map(|(container, (line, detail))| self.hit_in(container, line, &detail)).collect()
    }

    /// Asks every container for several places.
    pub(super) fn each_of(&self, ask: impl Fn(&Pod<'a>, &Container<'a>) -> Vec<(usize, String)>) -> Vec<Hit> {
        let Some(pod) = &self.pod else { return Vec::new() };
        let asked =
            pod.containers.iter().flat_map(|container| ask(pod, container).into_iter().map(move |place| (container, place)));
        asked.map(|(container, (line, detail))| self.hit_in(container, line, &detail)).collect()
    }

    /// Asks the pod's own security context and those of its containers, as they are written, for a field.
    pub(super) fn each_context(&self, path: &str, ask: impl Fn(&'a Node) -> Option<String>) -> Vec<Hit> {
        let Some(pod) = &self.pod else { return Vec::new() };
        let place = |node: &'a Node| Some((node.line, ask(node)?));
        let own = pod.security(path).and_then(place).map(|(line, detail)| self.hit(line, &detail));
        let inner = self.each(|_, container| container.security(path).and_then(place));
        own.into_iter().chain(inner).collect()
    }

    /// Where a switch of the pod is on.
    pub(super) fn switched_on(&self, key: &str) -> Vec<Hit> {
        let on = self.pod.as_ref().and_then(|pod| pod.spec.get(key)).filter(|node| node.is_on());
        on.map(|node| self.hit(node.line, "")).into_iter().collect()
    }
}
