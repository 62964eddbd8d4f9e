//! 5.4: no capability beyond the usual.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told};

/// What the engine gives to every container.
const USUAL: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H078",
    aliases: &["CIS-Docker-5.4"],
    severity: Severity::High,
    title: "Containers have no capabilities beyond the usual",
    why: "Single capabilities are as good as root: SYS_ADMIN mounts, SYS_MODULE loads code into the kernel.",
    fix: "Start it with `--cap-drop ALL` and add the few that it needs.",
    link: "https://docs.docker.com/engine/security/#linux-kernel-capabilities",
    check,
    bad: r#"{"engine":{"known":{"containers":[{"name":"web","cap_add":["CAP_SYS_ADMIN"]}]}}}"#,
    good: r#"{"engine":{"known":{"containers":[{"name":"web","cap_add":["CAP_NET_BIND_SERVICE"],"cap_drop":["ALL"]}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    facts.each_container("with capabilities beyond the usual", |one| {
        if one.privileged {
            return Some("privileged, which is all of them".to_owned());
        }
        let name = |capability: &String| capability.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
        let more: Vec<String> = one.cap_add.iter().map(name).filter(|name| !USUAL.contains(&name.as_str())).collect();
        (!more.is_empty()).then(|| more.join(", "))
    })
}
