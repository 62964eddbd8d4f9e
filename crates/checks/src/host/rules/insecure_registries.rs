//! 2.5: registries are spoken to over verified TLS.

use model::severity::Severity;

use crate::host::engine::is_this_machine;
use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H025",
    aliases: &["CIS-Docker-2.5"],
    severity: Severity::High,
    title: "No registry is spoken to without verified TLS",
    why: "Whoever is on the way changes the images that are pulled and reads the passwords.",
    fix: "Take `insecure-registries` away; give a registry with its own authority `/etc/docker/certs.d/HOST/ca.crt`.",
    link: "https://docs.docker.com/reference/cli/dockerd/#insecure-registries",
    check,
    bad: r#"{"engine":{"known":{"insecure_registries":["registry.example.com:5000"]}}}"#,
    good: r#"{"engine":{"known":{"insecure_registries":[]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let registries = match facts.engine.get().ok().and_then(|engine| engine.insecure_registries.clone()) {
        Some(registries) => registries,
        None => facts
            .list("insecure-registry", "insecure-registries", None)?
            .into_iter()
            .filter(|name| !is_this_machine(name))
            .collect(),
    };
    if registries.is_empty() {
        return Ok(Verdict::pass("no registry off this machine is spoken to without verified TLS"));
    }
    Ok(Verdict::fail("the engine speaks to some without verified TLS").on(registries))
}
