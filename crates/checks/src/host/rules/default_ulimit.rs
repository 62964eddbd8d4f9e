//! 2.8: processes have limits by default.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H028",
    aliases: &["CIS-Docker-2.8"],
    severity: Severity::Low,
    title: "Containers have default limits of processes and open files",
    why: "Without a limit one container takes all the file handles and processes that the host has.",
    fix: "Set `default-ulimits` as in `{\"nofile\": {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 4096}}`.",
    link: "https://docs.docker.com/reference/cli/dockerd/#default-ulimit-settings",
    check,
    bad: "",
    good: r#"{"arguments":{"known":["dockerd"]},"daemon_json":{"known":{"default-ulimits":{"nofile":{"Name":"nofile","Soft":1024,"Hard":4096}}}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let limits = facts.list("default-ulimit", "default-ulimits", None)?;
    if limits.is_empty() {
        return Ok(Verdict::manual("no default limit is set; which ones fit what runs here has to be decided"));
    }
    Ok(Verdict::pass("default limits are set").on(limits))
}
