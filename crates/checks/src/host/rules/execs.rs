//! 5.23, 5.24: commands that are started in running containers. The engine tells those that still run; of others nothing is
//! left but what the system's audit wrote down.

use model::severity::Severity;

use crate::host::facts::Exec;
use crate::host::{Facts, Rule, Told, Verdict};

const LINK: &str = "https://docs.docker.com/reference/cli/docker/container/exec/";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H097",
        aliases: &["CIS-Docker-5.23"],
        severity: Severity::High,
        title: "No command is started in a container with all privileges",
        why: "It gets past everything that the container was started with.",
        fix: "Take `--privileged` away from `docker exec`, and forbid it with an authorization plugin.",
        link: LINK,
        check: |facts| running(facts, "in which a command runs with all privileges", |exec| exec.privileged),
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","state":"running","execs":[{"privileged":true}]}]}}}"#,
        good: "",
    },
    Rule {
        id: "PLM-H098",
        aliases: &["CIS-Docker-5.24"],
        severity: Severity::Medium,
        title: "No command is started in a container as root",
        why: "It undoes that the container runs as somebody else.",
        fix: "Take `--user root` away from `docker exec`, and forbid it with an authorization plugin.",
        link: LINK,
        check: |facts| {
            running(facts, "in which a command was started as root", |exec| {
                matches!(exec.user.split(':').next(), Some("root" | "0"))
            })
        },
        bad: r#"{"engine":{"known":{"containers":[{"name":"web","state":"running","execs":[{"user":"root"}]}]}}}"#,
        good: "",
    },
];

fn running(facts: &Facts, fault: &str, like: fn(&Exec) -> bool) -> Told {
    let verdict = facts.each_container(fault, |one| one.execs.iter().any(like).then(String::new))?;
    // None at this moment says nothing of the moments before.
    Ok(if verdict.outcome == model::host::HostOutcome::Pass {
        Verdict::manual(format!("{} at this moment; the audit's log tells of earlier ones", verdict.evidence))
    } else {
        verdict
    })
}
