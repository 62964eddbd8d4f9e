//! 5.19: limits that differ from the usual.

use model::severity::Severity;

use crate::host::engine::ulimit;
use crate::host::{Facts, Rule, Told};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H093",
    aliases: &["CIS-Docker-5.19"],
    severity: Severity::Low,
    title: "Containers change default limits only where they need to",
    why: "A limit that one container raises for itself is none.",
    fix: "Take `--ulimit` away, and set what fits all in the engine's `default-ulimits`.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/#ulimit",
    check,
    bad: "",
    good: r#"{"engine":{"known":{"containers":[{"name":"web"}]}}}"#,
}];

fn check(facts: &Facts) -> Told {
    // The engine writes its own limits into each container.
    let usual = usual(facts);
    facts.each_container_manually("with limits of their own", |one| {
        let own: Vec<&str> =
            one.ulimits.iter().map(String::as_str).filter(|limit| !usual.iter().any(|one| one == limit)).collect();
        (!own.is_empty()).then(|| own.join(", "))
    })
}

/// The limits that the engine gives to all, as `nofile=1024:4096`. Where those are not known every limit is a container's own.
fn usual(facts: &Facts) -> Vec<String> {
    let flags = facts.list("default-ulimit", "", None).unwrap_or_default().into_iter();
    // One number is both.
    let whole = flags.map(|flag| match flag.split_once('=') {
        Some((name, number)) if !number.contains(':') => format!("{name}={number}:{number}"),
        _ => flag,
    });
    let file = facts.daemon_json.get().ok().and_then(Option::as_ref).and_then(|file| file.get("default-ulimits")?.as_object());
    whole.chain(file.into_iter().flatten().filter_map(|(name, limit)| ulimit(name, limit))).collect()
}

#[cfg(test)]
mod tests {
    use model::host::HostOutcome;

    #[test]
    fn what_the_engine_gives_to_all_is_nobodys_own() {
        let outcome = |engine: &str| {
            let web = r#""engine":{"known":{"containers":[{"name":"web","ulimits":["nofile=1024:4096"]}]}}"#;
            let facts = serde_json::from_str(&format!("{{{web},{engine}}}")).unwrap();
            super::check(&facts).unwrap().outcome
        };
        let file = r#""arguments":{"known":["dockerd"]},"daemon_json":{"known":{"default-ulimits":{"nofile":{"Soft":1024,"Hard":4096}}}}"#;
        let other =
            r#""arguments":{"known":["dockerd"]},"daemon_json":{"known":{"default-ulimits":{"nofile":{"Soft":10,"Hard":4096}}}}"#;
        let flag = r#""arguments":{"known":["dockerd","--default-ulimit","nofile=1024:4096"]},"daemon_json":{"known":null}"#;
        let none = r#""arguments":{"known":["dockerd"]},"daemon_json":{"known":null}"#;
        let outcomes = [file, other, flag, none].map(outcome);
        assert_eq!(outcomes, [HostOutcome::Pass, HostOutcome::Manual, HostOutcome::Pass, HostOutcome::Manual]);
    }
}
