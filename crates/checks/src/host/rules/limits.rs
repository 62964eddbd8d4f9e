//! 5.11, 5.12, 5.29: how much of the host a container may take. One question over three resources.

use model::severity::Severity;

use crate::host::Rule;

const LINK: &str = "https://docs.docker.com/engine/containers/resource_constraints/";
/// The weight that every container has.
const USUAL_SHARES: i64 = 1024;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H085",
        aliases: &["CIS-Docker-5.11"],
        severity: Severity::Medium,
        title: "Containers have a limit of memory",
        why: "One that takes all of it has the kernel end others, or the host stand still.",
        fix: "Start it with a limit, as in `--memory 512m`.",
        link: LINK,
        check: |facts| facts.each_container("without a limit of memory", |one| (one.memory <= 0).then(String::new)),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","memory":536870912}]}}}"#,
    },
    Rule {
        id: "PLM-H086",
        aliases: &["CIS-Docker-5.12"],
        severity: Severity::Medium,
        title: "Containers have a share of the processors",
        why: "One that is busy slows all others down, and the host with them.",
        fix: "Start it with a limit or a weight, as in `--cpus 1.5` or `--cpu-shares 512`.",
        link: LINK,
        check: |facts| {
            facts.each_container("without a share of the processors", |one| {
                let limited = one.nano_cpus > 0 || one.cpu_quota > 0;
                (!limited && matches!(one.cpu_shares, i64::MIN..=0 | USUAL_SHARES)).then(String::new)
            })
        },
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","cpu_shares":1024}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","nano_cpus":1500000000}]}}}"#,
    },
    Rule {
        id: "PLM-H103",
        aliases: &["CIS-Docker-5.29"],
        severity: Severity::Medium,
        title: "Containers have a limit of processes",
        why: "One that starts processes without end leaves none for the host.",
        fix: "Start it with a limit, as in `--pids-limit 100`.",
        link: LINK,
        check: |facts| facts.each_container("without a limit of processes", |one| (one.pids_limit <= 0).then(String::new)),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","pids_limit":-1}]}}}"#,
        good: r#"{"engine":{"known":{"containers":[{"name":"web","pids_limit":100}]}}}"#,
    },
];
