//! `host check`: hosts as stored facts, and two real engines, one set up with care and one without.

mod real;

use serde_json::{Value, json};

use crate::command::{Sandbox, run};

fn facts() -> Value {
    json!({
        "schema": "plimsoll.host-facts/v1",
        "engine": {"known": {
            "version": "28.2.2", "root_dir": "/var/lib/docker", "storage_driver": "overlay2", "logging_driver": "syslog",
            "security_options": ["name=seccomp,profile=builtin", "name=no-new-privileges"], "live_restore": true,
            "experimental": false, "debug": false, "insecure_registries": [], "authorization_plugins": [],
            "swarm": {"state": "inactive"}, "networks": [],
            "images": [{"id": "sha256:1", "tags": ["web:1"], "user": "10001", "history": []}],
            "containers": [
                {"name": "web", "state": "running", "image": "web:1", "image_id": "sha256:1", "privileged": true,
                 "environment": ["API_TOKEN"], "processes": {"known": ["nginx"]}},
                {"name": "web\u{1b}[31m", "state": "exited", "read_only": true},
            ],
        }},
        "arguments": {"known": ["dockerd"]},
        "daemon_user": {"known": 0},
        "daemon_json": {"known": {"userland-proxy": false}},
        "mounts": {"known": {"/": "8:1"}},
        "audit": {"unknown": "permission denied"},
        "docker_group": {"known": ["alice"]},
        "content_trust": {"known": true},
        "files": {"docker_service": {"known": [{"path": "/lib/systemd/system/docker.service", "mode": "664"}]}},
    })
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("facts.json", facts().to_string());
    sandbox
}

fn check(arguments: &[&str]) -> Vec<String> {
    let words = ["host", "check", "--facts", "facts.json"].iter().chain(arguments);
    words.map(|&word| word.to_owned()).collect()
}

/// How each control came out.
fn outcomes(report: &Value) -> Vec<(String, String)> {
    let controls = report["controls"].as_array().unwrap().iter();
    let word = |control: &Value, key: &str| control[key].as_str().unwrap().to_owned();
    controls.map(|control| (word(control, "number"), word(control, "outcome"))).collect()
}

#[test]
fn stored_facts_are_judged() {
    let sandbox = sandbox();
    let judged = |arguments: &[&str], code: i32| {
        let arguments = check(arguments);
        sandbox.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).exits(code)
    };
    let report = judged(&["--format", "json"], 0).json();
    assert_eq!((&report["schema"], &report["engine"]), (&json!("plimsoll.host/v1"), &json!("Docker Engine 28.2.2")));
    let all = outcomes(&report);
    assert_eq!(all.len(), 117);
    let of = |number: &str| all.iter().find(|(one, _)| one == number).unwrap().1.as_str();
    for (number, outcome) in [
        ("1.1.1", "fail"),
        ("1.1.2", "manual"),
        ("1.1.7", "undetermined"),
        ("2.1", "manual"),
        ("2.2", "not_applicable"),
        ("2.9", "fail"),
        ("2.16", "pass"),
        ("3.1", "pass"),
        ("3.2", "fail"),
        ("3.3", "undetermined"),
        ("5.5", "fail"),
        ("5.26", "pass"),
        ("7.1", "not_applicable"),
    ] {
        assert_eq!(of(number), outcome, "{number}");
    }
    let privileged = report["controls"].as_array().unwrap().iter().find(|control| control["number"] == "5.5").unwrap();
    assert_eq!(privileged["id"], "PLM-H079");
    assert_eq!(privileged["aliases"], json!(["CIS-Docker-5.5"]));
    assert_eq!((&privileged["items"], &privileged["severity"]), (&json!(["web"]), &json!("critical")));
    // The counts are those of the rows.
    for outcome in ["fail", "undetermined", "manual", "pass", "not_applicable"] {
        assert_eq!(report["summary"][outcome], all.iter().filter(|(_, one)| one == outcome).count(), "{outcome}");
    }
    for format in ["table", "markdown", "junit"] {
        let shown = judged(&["--format", format], 0);
        assert!(shown.text().contains("No container is privileged") && !shown.text().contains('\u{1b}'), "{}", shown.text());
        // The same bytes at the same time.
        let again = || {
            let arguments = check(&["--format", format]);
            let mut command = sandbox.offline(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            command.env("SOURCE_DATE_EPOCH", "0").output().unwrap().stdout
        };
        assert_eq!(again(), again(), "{format}");
    }
    let table =
        sandbox.offline(&check(&[]).iter().map(String::as_str).collect::<Vec<_>>()).env("COLUMNS", "60").output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.lines().filter(|line| !line.contains("/etc/audit")).all(|line| line.chars().count() <= 60), "{table}");
}

#[test]
fn controls_are_chosen() {
    let sandbox = sandbox();
    let numbers = |arguments: &[&str]| {
        let arguments = check(&[&["--format", "json"], arguments].concat());
        let report = sandbox.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).exits(0).json();
        (outcomes(&report).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), report["summary"]["skipped"].clone())
    };
    assert_eq!(numbers(&["--only", "PLM-H022,cis-docker-5.5", "--only", "6"]).0, ["2.2", "5.5", "6.1", "6.2"]);
    assert_eq!(numbers(&["--only", "6", "--skip", "6.1"]), (vec!["6.2".to_owned()], json!(116)));
    assert_eq!(numbers(&["--skip", "1,3,4,5,7"]).0.len(), 20);
    let outcome = |word: &str| {
        let arguments = check(&["--only", word]);
        sandbox.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).fails()
    };
    assert!(outcome("9.9").contains("`9.9` names no control"));
}

#[test]
fn the_gate_fails_closed() {
    let sandbox = sandbox();
    let gate = |arguments: &[&str]| {
        let arguments = check(&[&["--format", "json"], arguments].concat());
        sandbox.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused = gate(&["--fail-on", "misconfig:critical"]).exits(1);
    assert!(refused.stderr.starts_with("plimsoll: refused: 5.5 No container is privileged"), "{}", refused.stderr);
    assert_eq!(refused.json()["decision"]["outcome"], "deny");
    // What could not be told is no pass; what only people can tell was never asked.
    let open = gate(&["--fail-on", "misconfig:low", "--only", "1.1.7,1.2.1"]).exits(2);
    assert!(open.stderr.starts_with("plimsoll: cannot be told: 1.1.7"), "{}", open.stderr);
    gate(&["--fail-on", "misconfig:low", "--only", "1.1.7,1.2.1", "--allow-undetermined"]).exits(0);
    gate(&["--fail-on", "misconfig:low", "--only", "1.2.1,2.16"]).exits(0);
    // A lesser control that is open does not concern a gate for worse ones.
    gate(&["--fail-on", "misconfig:high", "--only", "1.1.7,2.16"]).exits(0);
    gate(&["--fail-on", "misconfig:low", "--only", "1.1.7,5.5"]).exits(1);
}

#[test]
fn what_is_no_fact_is_an_error() {
    let sandbox = sandbox();
    sandbox.write("text.json", "no facts");
    sandbox.write("other.json", r#"{"schema": "plimsoll.host-facts/v9"}"#);
    sandbox.write("deep.json", "[".repeat(100_000));
    for (file, words) in [
        ("missing.json", "could not be read"),
        ("text.json", "holds no facts of a host"),
        ("deep.json", "holds no facts of a host"),
        ("other.json", "collect them anew"),
    ] {
        let sentence = sandbox.run(&["host", "check", "--facts", file]).fails();
        assert!(sentence.contains(words), "{sentence}");
    }
    let sentence = sandbox.run(&["host", "check", "--facts", "facts.json", "--format", "sarif"]).fails();
    assert!(sentence.contains("no sarif form"), "{sentence}");
    assert!(sandbox.run(&["host", "check", "--root", "missing"]).fails().contains("is no folder"));
}

/// Without an engine its part stays open, and the rest is judged.
#[test]
fn without_an_engine() {
    let sandbox = Sandbox::new();
    sandbox.write("tree/etc/docker/daemon.json", "{}");
    sandbox.write("tree/etc/group", "root:x:0:\n");
    let host = format!("unix://{}", sandbox.path("nowhere").display());
    let mut command = sandbox.offline(&["host", "check", "--root", "tree", "--format", "json"]);
    let report = run(command.env("DOCKER_HOST", &host)).exits(0).json();
    let all = outcomes(&report);
    assert_eq!(report["engine"], Value::Null);
    assert!(report["warnings"].to_string().contains("could not be asked"));
    let section = |section: &str| all.iter().filter(|(number, _)| number.starts_with(section)).collect::<Vec<_>>();
    assert!(section("2.").iter().chain(&section("5.")).chain(&section("7.")).all(|(_, outcome)| outcome == "undetermined"));
    let of = |number: &str| all.iter().find(|(one, _)| one == number).unwrap().1.as_str();
    assert_eq!((of("1.1.2"), of("1.1.11"), of("3.5"), of("3.1")), ("pass", "fail", of("3.17"), "not_applicable"));
    // Another machine's engine says nothing of this machine's files.
    let mut command = sandbox.command();
    command.args(["host", "check", "--root", "tree", "--format", "json"]).env("DOCKER_HOST", "tcp://127.0.0.1:1");
    let report = run(&mut command).exits(0).json();
    assert!(outcomes(&report).iter().all(|(_, outcome)| outcome == "undetermined" || outcome == "manual"), "{report}");
}

/// Facts that are collected and judged later say the same.
#[test]
fn facts_are_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("tree/etc/docker/daemon.json", r#"{"proxies": {"http-proxy": "http://u:s3cret@p"}, "icc": false}"#);
    let host = format!("unix://{}", sandbox.path("nowhere").display());
    let run = |arguments: &[&str]| run(sandbox.offline(arguments).env("DOCKER_HOST", &host)).exits(0);
    assert!(run(&["host", "check", "--root", "tree", "--collect", "facts.json"]).text().is_empty());
    let facts = String::from_utf8(sandbox.read("facts.json")).unwrap();
    assert!(facts.contains("\"icc\": false") && !facts.contains("s3cret"), "{facts}");
    let stored = run(&["host", "check", "--facts", "facts.json", "--format", "json"]).json();
    let live = run(&["host", "check", "--root", "tree", "--format", "json"]).json();
    assert_eq!(stored["controls"], live["controls"]);
}
