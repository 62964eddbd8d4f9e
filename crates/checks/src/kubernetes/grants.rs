//! What roles allow (<https://kubernetes.io/docs/reference/access-authn-authz/rbac/>).

use super::Object;
use crate::rule::Hit;
use crate::yaml::Node;

/// Group of roles and bindings.
const RBAC: &str = "rbac.authorization.k8s.io";

/// One rule of a role.
pub(super) struct Grant<'a> {
    /// Where it stands.
    pub(super) line: usize,
    node: &'a Node,
}

impl Grant<'_> {
    fn lists(&self, key: &str, word: &str) -> bool {
        self.node.get(key).is_some_and(|list| list.texts().any(|(_, text)| text == word))
    }

    fn any(&self, key: &str, words: &[&str]) -> bool {
        words.iter().any(|word| self.lists(key, word))
    }

    /// Whether everything is listed.
    pub(super) fn all(&self, key: &str) -> bool {
        self.lists(key, "*")
    }

    /// Whether it is about resources, and not about paths of the API server.
    pub(super) fn names_resources(&self) -> bool {
        self.node.get("resources").is_some_and(|list| !list.items().is_empty())
    }

    /// Whether it is narrowed down to objects of some names.
    fn named(&self) -> bool {
        self.node.get("resourceNames").is_some_and(|names| !names.items().is_empty())
    }

    /// Whether one of these verbs is allowed, alone or with all others.
    pub(super) fn verbs(&self, verbs: &[&str]) -> bool {
        self.all("verbs") || self.any("verbs", verbs)
    }

    /// Whether one of these resources of a group is named. Everything at once is for the rules about that.
    pub(super) fn resources(&self, group: &str, resources: &[&str]) -> bool {
        (self.all("apiGroups") || self.lists("apiGroups", group)) && self.any("resources", resources) && !self.named()
    }

    /// Whether it is about one object of the core group by its name.
    pub(super) fn names(&self, resource: &str, name: &str) -> bool {
        self.lists("resources", resource) && self.lists("resourceNames", name)
    }

    /// The verbs and resources, as they are written.
    fn words(&self) -> String {
        let list = |key: &str| {
            let texts: Vec<&str> =
                self.node.get(key).map(|list| list.texts().map(|(_, text)| text).collect()).unwrap_or_default();
            texts.join(", ")
        };
        format!("{} on {}", list("verbs"), list("resources"))
    }
}

impl<'a> Object<'a> {
    /// Whether it is a role for the whole cluster.
    pub(super) fn is_cluster_role(&self) -> bool {
        self.is(RBAC, "ClusterRole")
    }

    /// Asks every rule of a role.
    pub(super) fn each_grant(&self, ask: impl Fn(&Grant<'a>) -> bool) -> Vec<Hit> {
        if !self.is_cluster_role() && !self.is(RBAC, "Role") {
            return Vec::new();
        }
        let rules = self.root.get("rules").map(Node::items).unwrap_or_default();
        let grants = rules.iter().map(|node| Grant { line: node.line, node });
        grants.filter(|grant| ask(grant)).map(|grant| self.hit(grant.line, &grant.words())).collect()
    }

    /// Asks every subject of a binding, where it binds a role.
    pub(super) fn each_subject(&self, ask: impl Fn(&str, &'a Node) -> bool) -> Vec<Hit> {
        if !self.is(RBAC, "ClusterRoleBinding") && !self.is(RBAC, "RoleBinding") {
            return Vec::new();
        }
        let role = self.root.at("roleRef.name").and_then(Node::text).unwrap_or_default();
        let subjects = self.root.get("subjects").map(Node::items).unwrap_or_default();
        let asked = subjects.iter().filter(|subject| ask(role, subject));
        asked
            .map(|subject| {
                let name = subject.get("name").and_then(Node::text).unwrap_or_default();
                self.hit(subject.line, &format!("{role} to {name}"))
            })
            .collect()
    }
}

/// Whether a subject of a binding is this user or group.
pub(super) fn is_subject(subject: &Node, kind: &str, names: &[&str]) -> bool {
    subject.get("kind").is_some_and(|node| node.is_one_of(&[kind]))
        && subject.get("name").is_some_and(|node| node.is_one_of(names))
}
