//! 5.2, 5.3, 5.22, 5.26: what the kernel holds a container back with. One question over four means.

use model::severity::Severity;

use crate::host::facts::Container;
use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H076",
        aliases: &["CIS-Docker-5.2"],
        severity: Severity::Medium,
        title: "Containers have an AppArmor profile, where there is AppArmor",
        why: "The profile holds back what gets past namespaces and capabilities.",
        fix: "Take `--security-opt apparmor=unconfined` and `--privileged` away.",
        link: "https://docs.docker.com/engine/security/apparmor/",
        check: apparmor,
        bad: r#"{"engine":{"known":{"security_options":["name=apparmor"],"containers":[{"name":"web","apparmor_profile":"unconfined"}]}}}"#,
        good: r#"{"engine":{"known":{"security_options":["name=apparmor"],"containers":[{"name":"web","apparmor_profile":"docker-default"}]}}}"#,
    },
    Rule {
        id: "PLM-H077",
        aliases: &["CIS-Docker-5.3"],
        severity: Severity::Medium,
        title: "Containers have an SELinux label, where the engine sets labels",
        why: "The label holds back what gets past namespaces and capabilities.",
        fix: "Take `--security-opt label=disable` and `--privileged` away.",
        link: "https://docs.docker.com/engine/containers/run/#security-configuration",
        check: selinux,
        bad: r#"{"engine":{"known":{"security_options":["name=selinux"],"containers":[{"name":"web","security_options":["label=disable"]}]}}}"#,
        good: r#"{"engine":{"known":{"security_options":["name=selinux"],"containers":[{"name":"web","process_label":"system_u:system_r:container_t:s0:c1,c2"}]}}}"#,
    },
    Rule {
        id: "PLM-H096",
        aliases: &["CIS-Docker-5.22"],
        severity: Severity::High,
        title: "The system calls of containers are filtered",
        why: "Without a filter every call of the kernel, and every mistake in one, is within reach.",
        fix: "Take `--security-opt seccomp=unconfined` and `--privileged` away.",
        link: "https://docs.docker.com/engine/security/seccomp/",
        check: |facts| {
            facts.each_container("without a filter of system calls", |one| {
                let off = has(one, "seccomp", |profile| profile == "unconfined");
                if one.privileged && !off { Some("privileged".to_owned()) } else { off.then(String::new) }
            })
        },
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","security_options":["seccomp=unconfined"]}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
    },
    Rule {
        id: "PLM-H100",
        aliases: &["CIS-Docker-5.26"],
        severity: Severity::Medium,
        title: "Processes in containers gain no privileges",
        why: "Programs that are setuid give root to whoever runs them.",
        fix: "Start it with `--security-opt no-new-privileges`.",
        link: "https://docs.docker.com/engine/containers/run/#security-configuration",
        check: no_new_privileges,
        bad: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":null},"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","security_options":["no-new-privileges"]}]}}}"#,
    },
];

/// Whether an option of this name, as in `name=value` or the older `name:value`, has a value like this.
fn has(container: &Container, name: &str, like: impl Fn(&str) -> bool) -> bool {
    let value = |option: &str| option.strip_prefix(name)?.strip_prefix(['=', ':']).map(&like);
    container.security_options.iter().any(|option| value(option) == Some(true))
}

fn apparmor(facts: &Facts) -> Told {
    if !facts.asked()?.has_option("apparmor").ok_or("the engine does not say whether it has AppArmor")? {
        return Ok(Verdict::not_applicable("the engine has no AppArmor"));
    }
    facts.each_container("without an AppArmor profile", |one| {
        let off = one.privileged || one.apparmor_profile == "unconfined" || has(one, "apparmor", |name| name == "unconfined");
        // A container that never ran has no profile yet.
        (off || (one.is_running() && one.apparmor_profile.is_empty())).then(String::new)
    })
}

fn selinux(facts: &Facts) -> Told {
    if !facts.asked()?.has_option("selinux").ok_or("the engine does not say whether it sets SELinux labels")? {
        return Ok(Verdict::not_applicable("the engine sets no SELinux labels"));
    }
    facts.each_container("without an SELinux label", |one| {
        let off = has(one, "label", |word| word == "disable");
        // A container that never ran has no label yet.
        (off || (one.is_running() && one.process_label.is_empty())).then(String::new)
    })
}

fn no_new_privileges(facts: &Facts) -> Told {
    let says = |one: &Container, words: &[&str]| one.security_options.iter().any(|option| words.contains(&option.as_str()));
    let off = |one: &Container| says(one, &["no-new-privileges=false", "no-new-privileges:false"]);
    let on = |one: &Container| says(one, &["no-new-privileges", "no-new-privileges=true", "no-new-privileges:true"]);
    // What the engine sets for all does not stand in each, and old engines do not say it either.
    let told = facts.asked()?.has_option("no-new-privileges").filter(|told| *told);
    let by_default = told.map_or_else(|| facts.switch("no-new-privileges").map(|on| on == Some(true)), Ok);
    let fault = "in which processes may gain privileges";
    match by_default {
        Ok(by_default) => facts.each_container(fault, |one| (off(one) || !(on(one) || by_default)).then(String::new)),
        Err(why) if facts.asked()?.containers.iter().any(|one| !off(one) && !on(one)) => Err(why),
        Err(_) => facts.each_container(fault, |one| off(one).then(String::new)),
    }
}
