//! 5.10, 5.16, 5.17, 5.21, 5.31: which namespaces of the host a container shares. One question over five fields.

use model::severity::Severity;

use crate::host::facts::Container;
use crate::host::{Facts, Rule, Told};

const LINK: &str = "https://docs.docker.com/engine/security/#kernel-namespaces";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H084",
        aliases: &["CIS-Docker-5.10"],
        severity: Severity::High,
        title: "Containers do not share the host's network",
        why: "They reach what listens on loopback alone, and sockets without a path such as those of D-Bus.",
        fix: "Take `--network host` away and publish the ports that are needed.",
        link: "https://docs.docker.com/engine/network/drivers/host/",
        check: |facts| shared(facts, "on the host's network", |one| &one.network_mode),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","network_mode":"host"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","network_mode":"front"}]}}}"#,
    },
    Rule {
        id: "PLM-H090",
        aliases: &["CIS-Docker-5.16"],
        severity: Severity::High,
        title: "Containers do not see the host's processes",
        why: "They see what every process is doing, and may trace and end those of the same user.",
        fix: "Take `--pid host` away.",
        link: LINK,
        check: |facts| shared(facts, "among the host's processes", |one| &one.pid_mode),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","pid_mode":"host"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    },
    Rule {
        id: "PLM-H091",
        aliases: &["CIS-Docker-5.17"],
        severity: Severity::High,
        title: "Containers do not share the host's memory segments",
        why: "They read and change the shared memory of whatever runs on the host.",
        fix: "Take `--ipc host` away; containers that share memory take `--ipc container:NAME`.",
        link: LINK,
        check: |facts| shared(facts, "with the host's shared memory", |one| &one.ipc_mode),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","ipc_mode":"host"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","ipc_mode":"private"}]}}}"#,
    },
    Rule {
        id: "PLM-H095",
        aliases: &["CIS-Docker-5.21"],
        severity: Severity::Medium,
        title: "Containers do not share the host's name",
        why: "They may change the name of the host, upon which logs and certificates rely.",
        fix: "Take `--uts host` away.",
        link: LINK,
        check: |facts| shared(facts, "with the host's name", |one| &one.uts_mode),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","uts_mode":"host"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    },
    Rule {
        id: "PLM-H105",
        aliases: &["CIS-Docker-5.31"],
        severity: Severity::High,
        title: "Containers do not share the host's users",
        why: "Where users are mapped, such a container is left out: its root is the host's.",
        fix: "Take `--userns host` away.",
        link: "https://docs.docker.com/engine/security/userns-remap/",
        check: |facts| shared(facts, "with the host's users by choice", |one| &one.userns_mode),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","userns_mode":"host"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    },
];

fn shared(facts: &Facts, fault: &str, mode: fn(&Container) -> &String) -> Told {
    facts.each_container(fault, |one| (mode(one) == "host").then(String::new))
}
