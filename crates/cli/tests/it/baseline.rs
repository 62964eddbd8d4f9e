//! `scan --baseline`: an old project starts by failing on what is new.

use serde_json::Value;
use testing::image::Image;

use crate::command::{Sandbox, ids};
use crate::fixture::{self, OF_APP, app, debian, prepared};

fn gated(sandbox: &Sandbox, image: &str, code: i32) -> Value {
    let scan = ["scan", "-q", "--format", "json", "--db", "test.db", "--baseline", "old.json", "--fail-on", "low", image];
    sandbox.run(&scan).exits(code).json()
}

#[test]
fn what_is_known_does_not_count_and_what_is_new_does() {
    let sandbox = prepared();
    // What the application brought is new, what the base has is known.
    sandbox.run(&["scan", "-q", "--format", "json", "--db", "test.db", "-o", "old.json", "base.tar"]).exits(0);
    let report = gated(&sandbox, "app.tar", 1);
    assert_eq!(ids(&report), OF_APP, "nothing is hidden");
    let refused: Vec<&str> =
        report["decision"]["reasons"].as_array().unwrap().iter().map(|reason| reason["subject"].as_str().unwrap()).collect();
    assert!(refused.iter().all(|purl| !purl.starts_with("pkg:deb/")), "{refused:?}");
    assert!(refused.contains(&"pkg:pypi/jinja2@2.10"));
    // Another version of the same package has the same weakness.
    let upgraded = Image::new().layer(debian(&[("openssl", "3.0.2-1"), ("zlib", "1:1.2.13"), ("bash", "5.2.15-2")]));
    sandbox.write("upgraded.tar", upgraded.docker_archive("base:2"));
    let report = gated(&sandbox, "upgraded.tar", 0);
    assert_eq!(report["summary"]["suppressed"], 2);
    assert_eq!(report["findings"][0]["suppressed"]["kind"], "baseline");
    // A baseline of a report that had one knows the same.
    sandbox.write("old.json", report.to_string());
    gated(&sandbox, "upgraded.tar", 0);
    sandbox.write("app.tar", app().docker_archive("app:1"));
}

#[test]
fn what_is_exploited_since_then_is_new() {
    let sandbox = prepared();
    sandbox.run(&["scan", "-q", "--format", "json", "--db", "test.db", "-o", "old.json", "app.tar"]).exits(0);
    gated(&sandbox, "app.tar", 0);
    let mut old: Value = serde_json::from_slice(&sandbox.read("old.json")).unwrap();
    for finding in old["findings"].as_array_mut().unwrap() {
        finding["exploited"]["kev"] = Value::Null;
    }
    sandbox.write("old.json", old.to_string());
    let report = gated(&sandbox, "app.tar", 1);
    assert_eq!(report["decision"]["reasons"].as_array().unwrap().len(), 1);
    assert!(report["decision"]["reasons"][0]["message"].as_str().unwrap().contains(fixture::CRITICAL_AND_EXPLOITED));
    // What was set aside then, and is not now, was never accepted.
    for finding in old["findings"].as_array_mut().unwrap() {
        finding["suppressed"] = serde_json::json!({"kind": "exception", "reason": "x"});
    }
    sandbox.write("old.json", old.to_string());
    gated(&sandbox, "app.tar", 1);
}

#[test]
fn what_is_no_baseline_is_refused() {
    let sandbox = prepared();
    sandbox.run(&["sbom", "--format", "json", "-o", "inventory.json", "app.tar"]).exits(0);
    sandbox.write("odd.json", "{\"schema\": \"other/v1\"}");
    sandbox.write("cut.json", "{\"schema\": \"plimsoll.report/v1\", ");
    for (file, words) in [
        ("inventory.json", "an inventory alone"),
        ("odd.json", "`other/v1`"),
        ("cut.json", "no report"),
        ("missing.json", "could not be read"),
    ] {
        let sentence = sandbox.run(&["scan", "--db", "test.db", "--baseline", file, "app.tar"]).fails();
        assert!(sentence.contains(file) && sentence.contains(words), "{sentence}");
    }
}
