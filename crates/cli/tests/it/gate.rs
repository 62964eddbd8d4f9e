//! A policy decides: exit codes, and every piece of evidence that may be missing.

use serde_json::{Value, json};
use testing::image::Image;
use testing::tar::Tar;

use crate::command::{Outcome, Sandbox, ids};
use crate::fixture::{self, CRITICAL_AND_EXPLOITED, debian, prepared};

/// Nothing that is exploited; at the push, nothing that is critical; in production, less still.
const POLICY: &str = r#"schema: plimsoll.policy/v1
rules:
  - name: known-exploited
    deny-exploited: true
    message: Attackers use this today
    link: https://wiki.example.com/exploited
  - name: criticals
    scope: {gate: [push, pull]}
    max-severity: high
  - name: highs
    max-severity: medium
    outcome: warn
  - name: production
    scope: {environment: production}
    when: findings.exists(f, f.package == "zlib")
    outcome: deny
"#;

/// `app.tar`, `clean.tar`, …, a fresh `test.db`, and `policy.yaml`.
fn with_policy() -> Sandbox {
    let sandbox = prepared();
    sandbox.write("policy.yaml", POLICY);
    sandbox.write("openssl.tar", Image::new().layer(debian(&[("openssl", "3.0.1-1")])).docker_archive("openssl:1"));
    sandbox.write("zlib.tar", Image::new().layer(debian(&[("zlib", "1:1.2.13")])).docker_archive("zlib:1"));
    sandbox
}

fn gate(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run(&[&["gate", "--db", "test.db", "--policy", "policy.yaml", "--environment", "test"], arguments].concat())
}

/// The rules and messages of a decision.
fn reasons(report: &Value) -> String {
    let list = report["decision"]["reasons"].as_array().unwrap();
    list.iter().map(|reason| format!("{}: {}\n", reason["rule"].as_str().unwrap(), reason["message"].as_str().unwrap())).collect()
}

#[test]
fn decisions_end_in_0_and_1() {
    let sandbox = with_policy();
    for (image, arguments, code, outcome) in [
        ("clean.tar", &["--at", "push"][..], 0, "allow"),
        ("openssl.tar", &["--at", "push"], 0, "warn"),
        ("app.tar", &["--at", "build"], 1, "deny"),
        ("zlib.tar", &["--at", "run"], 0, "allow"),
        ("zlib.tar", &["--at", "run", "--environment", "production"], 1, "deny"),
    ] {
        // The last environment counts.
        let base = ["gate", "--db", "test.db", "--policy", "policy.yaml", image];
        let named = if arguments.contains(&"--environment") { &[][..] } else { &["--environment", "test"] };
        let words = sandbox.run(&[&base[..], arguments, named].concat()).exits(code);
        assert!(words.text().starts_with(&format!("{outcome}: ")), "{}", words.text());
        let report = sandbox.run(&[&base[..], arguments, named, &["--format", "json"]].concat()).exits(code).json();
        assert_eq!(report["decision"]["outcome"], outcome);
        assert_eq!(report["schema"], "plimsoll.report/v1");
    }
    // Without its name it could be production.
    sandbox.run(&["gate", "--db", "test.db", "--policy", "policy.yaml", "--at", "run", "zlib.tar"]).exits(1);
}

#[test]
fn a_decision_says_why_and_upon_what() {
    let sandbox = with_policy();
    let words = gate(&sandbox, &["--at", "push", "app.tar"]).exits(1);
    assert!(
        words.text().contains(&format!("deny (known-exploited): Attackers use this today: {CRITICAL_AND_EXPLOITED} in ")),
        "{}",
        words.text()
    );
    assert!(words.text().contains("https://wiki.example.com/exploited"), "{}", words.text());
    let report = gate(&sandbox, &["--at", "push", "--format", "json", "app.tar"]).exits(1).json();
    let inputs = &report["decision"]["inputs"];
    assert_eq!(inputs["gate"], "push");
    assert_eq!(inputs["environment"], "test");
    assert_eq!(inputs["database"], format!("sha256:{}", report["database"]["sha256"].as_str().unwrap()));
    assert!(inputs["policy"].as_str().unwrap().starts_with("sha256:"));
    let first = &report["decision"]["reasons"][0];
    assert_eq!((&first["outcome"], &first["link"]), (&json!("deny"), &json!(null)), "{first}");
}

#[test]
fn scan_asks_a_policy_too() {
    let sandbox = with_policy();
    let scan = ["scan", "--db", "test.db", "--format", "json", "--policy", "policy.yaml", "--environment", "test"];
    sandbox.run(&[&scan[..], &["clean.tar"]].concat()).exits(0);
    let report = sandbox.run(&[&scan[..], &["app.tar"]].concat()).exits(1).json();
    assert_eq!(report["decision"]["inputs"]["gate"], "build");
    // Filters open no gate.
    let hidden = sandbox.run(&[&scan[..], &["app.tar", "--severity", "low"]].concat()).exits(1).json();
    assert_eq!(hidden["decision"], report["decision"]);
    assert!(ids(&hidden).len() < ids(&report).len());
    // With terms, both must let it pass.
    let both = sandbox.run(&[&scan[..], &["openssl.tar", "--fail-on", "high"]].concat()).exits(1).json();
    assert_eq!(both["decision"]["policy"], "policy.yaml and fail-on high");
    sandbox.run(&[&scan[..], &["openssl.tar", "--fail-on", "critical"]].concat()).exits(0);
    // What is missing is a written deny here, too.
    let report =
        sandbox.run(&["scan", "--format", "json", "--policy", "none.yaml", "--db", "test.db", "clean.tar"]).exits(1).json();
    assert!(reasons(&report).contains("none.yaml could not be read"));
    let report =
        sandbox.run(&["scan", "--format", "json", "--policy", "policy.yaml", "--db", "none.db", "clean.tar"]).exits(1).json();
    assert!(reasons(&report).contains("none.db"));
    assert_eq!(report["findings"], json!(null));
}

#[test]
fn whatever_is_missing_is_a_written_deny() {
    let sandbox = with_policy();
    fixture::database(&sandbox, "old.db", "2020-02-03");
    fixture::unread_layer(&sandbox, "unread");
    sandbox.write("no.db", "this is no database");
    let unknown = Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"99\"\n")
        .file("var/lib/dpkg/status", fixture::dpkg_status(&[("bash", "5")]));
    sandbox.write("release.tar", Image::new().layer(unknown).docker_archive("x:1"));
    sandbox.write("scratch.tar", Image::new().docker_archive("x:1"));
    let nameless = Tar::new().file("var/lib/dpkg/status", fixture::dpkg_status(&[("bash", "5")]));
    sandbox.write("nameless.tar", Image::new().layer(nameless).docker_archive("x:1"));
    sandbox.write("fails.yaml", "rules:\n  - name: team\n    when: image.labels.team == 'shop'\n    outcome: warn\n");
    for (policy, database, image, words) in [
        ("none.yaml", "test.db", "clean.tar", "policy none.yaml could not be read"),
        (".", "test.db", "clean.tar", "policy . could not be read"),
        ("policy.yaml", "none.db", "clean.tar", "none.db"),
        ("policy.yaml", "no.db", "clean.tar", "no.db"),
        ("policy.yaml", "old.db", "clean.tar", "is of 2020-02-03"),
        ("policy.yaml", "test.db", "none.tar", "none.tar"),
        ("policy.yaml", "test.db", "registry:localhost:1/none:1", "none"),
        ("policy.yaml", "test.db", "policy.yaml", "policy.yaml"),
        ("policy.yaml", "test.db", "unread", "encrypted"),
        ("policy.yaml", "test.db", "release.tar", "debian:99"),
        ("policy.yaml", "test.db", "nameless.tar", "distribution"),
        ("policy.yaml", "test.db", "scratch.tar", "no package"),
        ("fails.yaml", "test.db", "clean.tar", "no label `team`"),
    ] {
        let arguments = ["gate", "--db", database, "--policy", policy, "--at", "admit", "--environment", "test", image];
        let outcome = sandbox.run(&arguments).exits(1);
        assert!(outcome.text().starts_with("deny: ") && outcome.text().contains(words), "{arguments:?}\n{}", outcome.text());
        let report = sandbox.run(&[&arguments[..], &["--format", "json"]].concat()).exits(1).json();
        assert!(reasons(&report).contains(words), "{arguments:?}\n{}", reasons(&report));
    }
    // No database was named and none is there: the embedded set answers for little.
    let report =
        sandbox.run(&["gate", "--policy", "policy.yaml", "--at", "run", "--format", "json", "clean.tar"]).exits(1).json();
    assert!(reasons(&report).contains("only known-exploited"), "{}", reasons(&report));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let sandbox = with_policy();
    sandbox.write("typo.yaml", "rules:\n  - name: a\n    when: findings.exists(f, f.sevrity == \"high\")\n    outcome: deny\n");
    for verb in [
        &["gate", "--at", "push", "--policy", "typo.yaml", "clean.tar"][..],
        &["scan", "--policy", "typo.yaml", "clean.tar"],
        &["policy", "explain", "typo.yaml"],
    ] {
        let sentence = sandbox.run(verb).fails();
        assert!(sentence.starts_with("typo.yaml:3:30: a finding has no `sevrity`; use "), "{sentence}");
    }
    for bad in [
        &["gate"][..],
        &["gate", "clean.tar"],
        &["gate", "--policy", "policy.yaml", "clean.tar"],
        &["gate", "--policy", "policy.yaml", "--at", "lunch", "clean.tar"],
        &["gate", "--policy", "policy.yaml", "--at", "push"],
        &["gate", "--policy", "policy.yaml", "--at", "push", "--platform", "linux", "clean.tar"],
        &["gate", "--policy", "policy.yaml", "--at", "push", "--environment", "", "clean.tar"],
        &["gate", "--policy", "policy.yaml", "--at", "push", "--format", "frob", "clean.tar"],
        &["policy"],
        &["policy", "test"],
        &["policy", "test", "none.yaml"],
        &["policy", "explain"],
        &["policy", "explain", "none.yaml"],
        &["policy", "explain", "policy.yaml", "--report", "none.json"],
    ] {
        let outcome = sandbox.run(bad).exits(2);
        assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty(), "{bad:?}");
    }
}

#[test]
fn stored_reports_are_decided_upon_as_live_ones() {
    let sandbox = with_policy();
    for image in ["app", "clean"] {
        let report = format!("{image}.json");
        sandbox.run(&["scan", "--db", "test.db", "--format", "json", "-o", &report, &format!("{image}.tar")]).exits(0);
    }
    let explained = sandbox.run(&["policy", "explain", "policy.yaml", "--report", "app.json", "--environment", "test"]).exits(0);
    for words in [
        "known-exploited (deny, deny-exploited), line 3",
        "→ deny: Attackers use this today",
        "→ not asked",
        "Decision: deny, by known-exploited",
    ] {
        assert!(explained.text().contains(words), "{words}\n{}", explained.text());
    }
    let cases = |expect: &str| {
        format!(
            "policy: ../policy.yaml\ncases:\n  - name: what attackers use is denied\n    report: ../app.json\n    at: build\n    environment: test\n    \
             expect: {expect}\n    rules: [known-exploited, highs]\n  - {{name: clean passes, report: ../clean.json, at: push, environment: test, expect: allow, rules: []}}\n"
        )
    };
    sandbox.write("tests/good.yaml", cases("deny"));
    sandbox.write("tests/bad.yaml", cases("warn"));
    let good = sandbox.run(&["policy", "test", "tests/good.yaml"]).exits(0);
    assert_eq!(good.text(), "ok      what attackers use is denied\nok      clean passes\n2 passed, 0 failed\n");
    let bad = sandbox.run(&["policy", "test", "tests/good.yaml", "tests/bad.yaml"]).exits(1);
    assert!(bad.text().contains("FAILED  what attackers use is denied: expected warn, the answer is deny"), "{}", bad.text());
    // A filtered report is not the whole of it.
    sandbox.run(&["scan", "--db", "test.db", "--format", "json", "-o", "part.json", "--severity", "low", "app.tar"]).exits(0);
    let part = sandbox.run(&["policy", "explain", "policy.yaml", "--report", "part.json"]).exits(0);
    assert!(part.text().contains("filters hide findings"), "{}", part.text());
}
