//! 5.8, 5.9, 5.14: which ports of the host lead into containers.

use model::severity::Severity;

use crate::host::facts::{Container, Port};
use crate::host::{Facts, Rule, Told};

const LINK: &str = "https://docs.docker.com/engine/network/port-publishing/";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H082",
        aliases: &["CIS-Docker-5.8"],
        severity: Severity::Low,
        title: "No port of the host below 1024 leads into a container",
        why: "Such ports are those of the host's own services, and known to be root's.",
        fix: "Publish a port above 1023, as in `--publish 127.0.0.1:8080:80`.",
        link: LINK,
        check: |facts| facts.each_container("behind a port below 1024", |one| found(one, |port| (1..1024).contains(&port.host))),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","ports":[{"address":"127.0.0.1","host":80,"inside":"80/tcp"}]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","ports":[{"address":"127.0.0.1","host":8080,"inside":"80/tcp"}]}]}}}"#,
    },
    Rule {
        id: "PLM-H083",
        aliases: &["CIS-Docker-5.9"],
        severity: Severity::Low,
        title: "Only the ports that are needed lead into containers",
        why: "Every port that is open is one more way in.",
        fix: "Publish with `--publish` what is needed; `--publish-all` opens all that the image names.",
        link: LINK,
        check: needed,
        bad: "",
        good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    },
    Rule {
        id: "PLM-H088",
        aliases: &["CIS-Docker-5.14"],
        severity: Severity::Medium,
        title: "Ports that lead into containers are bound to one address",
        why: "A port at every address is open to every network that the host will ever be on, past its firewall.",
        fix: "Name the address, as in `--publish 10.2.3.4:8080:80`.",
        link: LINK,
        check: |facts| {
            facts.each_container("behind a port at every address", |one| {
                found(one, |port| matches!(port.address.as_str(), "" | "0.0.0.0" | "::"))
            })
        },
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","ports":[{"address":"0.0.0.0","host":8080,"inside":"80/tcp"}]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","ports":[{"address":"10.2.3.4","host":8080,"inside":"80/tcp"}]}]}}}"#,
    },
];

fn needed(facts: &Facts) -> Told {
    facts.each_container_manually("with ports that may or may not be needed", |one| found(one, |_| true))
}

fn found(container: &Container, like: impl Fn(&Port) -> bool) -> Option<String> {
    let ports: Vec<String> = container.ports.iter().filter(|port| like(port)).map(words).collect();
    (!ports.is_empty()).then(|| ports.join(", "))
}

fn words(port: &Port) -> String {
    let host = if port.host == 0 { "any".to_owned() } else { port.host.to_string() };
    let address = if port.address.contains(':') { format!("[{}]", port.address) } else { port.address.clone() };
    format!("{address}:{host} to {}", port.inside)
}
