//! `diff OLD NEW`: what one image brings and fixes against another.

use serde_json::{Value, json};
use testing::image::Image;

use crate::command::Sandbox;
use crate::fixture::{CRITICAL_AND_EXPLOITED, debian, prepared};

fn diff(sandbox: &Sandbox, arguments: &[&str], code: i32) -> Value {
    sandbox.run(&[&["diff", "-q", "--db", "test.db", "--format", "json"], arguments].concat()).exits(code).json()
}

fn words(list: &Value, fields: &[&str]) -> Vec<String> {
    let row = |row: &Value| fields.iter().map(|field| row[*field].as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    list.as_array().unwrap().iter().map(row).collect()
}

fn stored(sandbox: &Sandbox, image: &str, file: &str) {
    sandbox.run(&["scan", "-q", "--db", "test.db", "--format", "json", "-o", file, image]).exits(0);
}

#[test]
fn images_and_stored_reports_differ_alike() {
    let sandbox = prepared();
    // zlib is gone, openssl has its fix, the application came.
    let base = Image::new().layer(debian(&[("openssl", "3.0.1-1"), ("zlib", "1:1.2.13"), ("bash", "5.2.15-2")]));
    sandbox.write("old.tar", base.docker_archive("shop:1"));
    let fixed = Image::new().layer(debian(&[("openssl", "3.0.99-1"), ("bash", "5.2.15-2"), ("curl", "8.0-1")]));
    sandbox.write("fixed.tar", fixed.docker_archive("shop:2"));
    let report = diff(&sandbox, &["old.tar", "fixed.tar", "--fail-on", "low"], 0);
    assert_eq!(report["schema"], "plimsoll.diff/v1");
    assert_eq!(words(&report["packages"]["added"], &["type", "name"]), ["deb curl"]);
    assert_eq!(words(&report["packages"]["removed"], &["type", "name"]), ["deb zlib"]);
    assert_eq!(
        report["packages"]["changed"],
        json!([{"type": "deb", "name": "openssl", "old": ["3.0.1-1"], "new": ["3.0.99-1"]}])
    );
    assert_eq!(report["findings"]["new"], json!([]));
    let gone = words(&report["findings"]["fixed"], &["package", "how"]);
    assert_eq!(gone, ["openssl upgraded", "zlib removed"]);
    assert_eq!(report["decision"]["outcome"], "allow");
    // The other way round it is all new.
    let report = diff(&sandbox, &["fixed.tar", "old.tar", "--fail-on", "low"], 1);
    assert_eq!(words(&report["findings"]["new"], &["package"]), ["openssl", "zlib"]);
    // Reports say what their images do.
    stored(&sandbox, "old.tar", "old.json");
    stored(&sandbox, "fixed.tar", "fixed.json");
    let of_reports = diff(&sandbox, &["fixed.json", "old.json", "--fail-on", "low"], 1);
    assert_eq!(of_reports["findings"], report["findings"]);
    assert_eq!(of_reports["packages"], report["packages"]);
    assert_eq!(diff(&sandbox, &["fixed.tar", "old.json"], 0)["findings"], report["findings"]);
    // An image is no different from itself.
    let same = diff(&sandbox, &["old.tar", "old.json", "--fail-on", "low"], 0);
    assert_eq!((&same["findings"]["new"], &same["findings"]["same"]), (&json!([]), &json!(2)));
    for format in ["table", "markdown"] {
        let text = sandbox.run(&["diff", "--db", "test.db", "--format", format, "fixed.json", "old.json"]).exits(0);
        assert!(
            text.text().contains("2 new findings") && text.text().contains("1 package came, 1 went, 1 changed"),
            "{}",
            text.text()
        );
    }
}

#[test]
fn what_is_known_since_then_is_told() {
    let sandbox = prepared();
    stored(&sandbox, "app.tar", "new.json");
    let mut old: Value = serde_json::from_slice(&sandbox.read("new.json")).unwrap();
    for finding in old["findings"].as_array_mut().unwrap() {
        if finding["id"] == CRITICAL_AND_EXPLOITED {
            finding["exploited"]["kev"] = Value::Null;
        } else {
            finding["severity"] = json!("negligible");
            finding["risk"] = json!(0.0);
        }
    }
    old["database"]["sha256"] = json!("0".repeat(64));
    sandbox.write("old.json", old.to_string());
    let report = diff(&sandbox, &["old.json", "new.json", "--fail-on", "low"], 1);
    // Known to be exploited since: new, whatever else was known of it.
    assert_eq!(words(&report["findings"]["new"], &["id"]), [CRITICAL_AND_EXPLOITED]);
    assert_eq!(report["decision"]["reasons"].as_array().unwrap().len(), 1);
    let changed = &report["findings"]["changed"][0]["changes"];
    assert!(words(changed, &["field", "old"]).contains(&"severity negligible".to_owned()), "{changed}");
    assert!(report["warnings"].to_string().contains("different databases"));
    // What is set aside now is no longer open, and says why.
    sandbox.write(
        ".plimsoll.yaml",
        format!("exceptions:\n  - id: {CRITICAL_AND_EXPLOITED}\n    reason: behind a proxy\n    author: a@example.com\n    expires: 2999-01-01\n"),
    );
    let report = diff(&sandbox, &["new.json", "app.tar"], 0);
    assert_eq!(report["findings"]["fixed"], json!([]), "set aside in both");
    sandbox.write("aside.yaml", sandbox.read(".plimsoll.yaml"));
    std::fs::remove_file(sandbox.path(".plimsoll.yaml")).unwrap();
    sandbox
        .run(&["scan", "-q", "--db", "test.db", "--ignore-file", "aside.yaml", "--format", "json", "-o", "aside.json", "app.tar"])
        .exits(0);
    let report = diff(&sandbox, &["new.json", "aside.json"], 0);
    assert_eq!(words(&report["findings"]["fixed"], &["id", "how"]), [format!("{CRITICAL_AND_EXPLOITED} set_aside")]);
    assert!(report["findings"]["fixed"][0]["detail"].as_str().unwrap().contains("behind a proxy"));
}

#[test]
fn what_cannot_be_told_is_no_pass() {
    let sandbox = prepared();
    stored(&sandbox, "app.tar", "app.json");
    let mut hidden: Value = serde_json::from_slice(&sandbox.read("app.json")).unwrap();
    hidden["summary"]["hidden_by_filters"] = json!(2);
    sandbox.write("hidden.json", hidden.to_string());
    diff(&sandbox, &["app.json", "hidden.json", "--fail-on", "low"], 2);
    diff(&sandbox, &["app.json", "hidden.json", "--fail-on", "low", "--allow-undetermined"], 0);
    for (arguments, words) in [
        (&["--format", "sarif", "app.json", "app.json"][..], "no sarif form"),
        (&["--platform", "all", "app.json", "app.json"], "one platform"),
        (&["app.json", "nothing.tar"], "nothing.tar"),
    ] {
        let sentence = sandbox.run(&[&["diff", "--db", "test.db"], arguments].concat()).fails();
        assert!(sentence.contains(words), "{sentence}");
    }
}
