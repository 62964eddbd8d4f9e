//! Compose files (<https://docs.docker.com/reference/compose-file/>): services as they are once everything is put in that the
//! file itself says. What comes from elsewhere stays unknown, and is not guessed.

mod interpolate;
mod merge;
pub mod rules;
mod service;

use crate::found::Found;
use crate::rule::{self, Hit};
use crate::yaml::{Ignored, Node};

pub use service::{Port, Service, Volume};

/// A rule over services.
pub type Rule = rule::Rule<fn(&Service) -> Vec<Hit>>;

/// Keys of which a service has one at least; other files have `services` too.
const KEYS: [&str; 14] = [
    "build",
    "cap_add",
    "command",
    "container_name",
    "depends_on",
    "deploy",
    "environment",
    "extends",
    "image",
    "network_mode",
    "networks",
    "ports",
    "privileged",
    "volumes",
];

/// Whether a document is a Compose file.
pub(crate) fn is_compose(root: &Node) -> bool {
    let services = root.get("services").map(Node::entries).unwrap_or_default();
    services.iter().any(|service| KEYS.iter().any(|key| service.value.get(key).is_some()))
}

/// Runs all rules over the services of a document.
pub(crate) fn check(root: &Node, ignored: &Ignored, found: &mut Found) {
    for service in merge::services(root) {
        for rule in rules::ALL {
            if found.is_full_at(service.line) {
                return;
            }
            found.add(rule, (rule.check)(&service), ignored);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::check;

    fn lines(text: &str, id: &str) -> Vec<(usize, String)> {
        let found = check(text.as_bytes());
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        found
            .hits
            .into_iter()
            .filter(|(one, _)| *one == id)
            .map(|(_, hit)| (hit.line, format!("{}: {}", hit.object, hit.about)))
            .collect()
    }

    #[test]
    fn what_the_file_says_elsewhere_is_put_in() {
        let text = "\
x-common: &common
  privileged: true
services:
  base:
    image: a:1
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
  web:
    <<: *common
    image: b:1
  app:
    extends:
      service: base
    image: c:1
    volumes: [data:/data]
  other:
    extends: {file: other.yaml, service: x}
";
        assert_eq!(lines(text, "PLM-C001"), [(2, "service web: ".to_owned())]);
        let socket = |service: &str| (6, format!("service {service}: /var/run/docker.sock"));
        assert_eq!(lines(text, "PLM-C002"), [socket("app"), socket("base")]);
        // What another file says of a service is not known.
        let missing: Vec<String> = lines(text, "PLM-C017").into_iter().map(|(_, of)| of).collect();
        assert_eq!(missing, ["service base: ", "service web: ", "service app: "]);
    }

    #[test]
    fn a_named_volume_may_be_a_folder_of_the_host() {
        let text = "services:\n  a: {image: a:1, volumes: [\"all:/host:ro\"]}\nvolumes: {all: {driver_opts: {type: none, o: bind, device: /}}}\n";
        assert_eq!(lines(text, "PLM-C003"), [(2, "service a: /".to_owned())]);
    }

    #[test]
    fn circles_come_to_an_end() {
        let text = "services:\n  a: {extends: b, image: a:1}\n  b: {extends: {service: a}, privileged: true}\n";
        assert_eq!(lines(text, "PLM-C001").len(), 2);
        let mut tower = "services:\n  s0: {image: a:1, privileged: true}\n".to_owned();
        for number in 1..2000 {
            tower += &format!("  s{number}: {{extends: s{}}}\n", number - 1);
        }
        assert!(!lines(&tower, "PLM-C001").is_empty());
    }

    #[test]
    fn variables_are_not_guessed() {
        let text = "services:\n  a:\n    image: nginx:${TAG}\n  b:\n    image: nginx:${TAG:-latest}\n  c:\n    image: ${IMAGE}\n    privileged: ${PRIVILEGED:-true}\n    environment: {DB_PASSWORD: \"${DB_PASSWORD}\", API_TOKEN: \"${API_TOKEN:-abc}\"}\n";
        assert_eq!(lines(text, "PLM-C020"), [(5, "service b: nginx:latest".to_owned())]);
        assert_eq!(lines(text, "PLM-C001").len(), 1);
        assert_eq!(lines(text, "PLM-C029"), [(9, "service c: API_TOKEN".to_owned())]);
    }

    #[test]
    fn other_files_with_services_are_left_alone() {
        for text in ["services:\n  App\\Mailer:\n    arguments: [x]\n", "services: [docker:dind]\n", "services:\n  a: 1\n"] {
            assert_eq!(check(text.as_bytes()).manifests, 0, "{text}");
        }
    }
}
