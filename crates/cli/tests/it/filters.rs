//! Filters hide findings and count them; the inventory and the gate stay as they are. Reports go where they are told.

use serde_json::Value;

use crate::command::{Sandbox, ids};
use crate::fixture::{CRITICAL_AND_EXPLOITED, OF_APP, prepared};

#[test]
fn filters_hide_findings_and_nothing_else() {
    let sandbox = prepared();
    let whole = sandbox.scan(&["app.tar", "--base", "base.tar"]);
    assert_eq!(ids(&whole), OF_APP);
    let [exploited, malicious, openssl, zlib, lodash] = OF_APP;
    for (filter, left) in [
        (&["--severity", "critical,low"][..], &[exploited, lodash][..]),
        (&["--severity", "high", "--severity", "unknown"], &[malicious, openssl]),
        (&["--ignore-unfixed"], &[exploited, openssl]),
        (&["--ignore-status", "affected"], &[exploited, openssl]),
        (&["--ignore-status", "fixed,affected"], &[]),
        (&["--pkg-types", "os"], &[openssl, zlib]),
        (&["--pkg-types", "library"], &[exploited, malicious, lodash]),
        (&["--pkg-types", "npm,deb"], &[malicious, openssl, zlib, lodash]),
        (&["--skip-dirs", "/srv"], &[openssl, zlib]),
        (&["--skip-dirs", "node_modules"], &[exploited, openssl, zlib]),
        (&["--skip-dirs", "/var/lib/dpkg,/srv/web"], &[exploited]),
        (&["--skip-files", "package.json"], &[exploited, openssl, zlib]),
        (&["--skip-files", "/srv/web/node_modules/lodash/package.json"], &[exploited, malicious, openssl, zlib]),
        (&["--exclude-base"], &[exploited, malicious, lodash]),
        (&["--exclude-base", "--ignore-unfixed", "--severity", "critical,high"], &[exploited]),
    ] {
        let report = sandbox.scan(&[&["app.tar", "--base", "base.tar"], filter].concat());
        assert_eq!(ids(&report), left, "{filter:?}");
        assert_eq!(report["summary"]["hidden_by_filters"], OF_APP.len() - left.len(), "{filter:?}");
        for part in ["packages", "coverage", "warnings", "os", "image", "database"] {
            assert_eq!(report[part], whole[part], "{filter:?} changes {part}");
        }
    }
}

#[test]
fn hiding_does_not_open_the_gate() {
    let sandbox = prepared();
    for filter in ["--severity=low", "--skip-dirs=/srv", "--pkg-types=os"] {
        let gate = ["scan", "-q", "--format", "json", "--db", "test.db", "app.tar", "--fail-on", "critical", filter];
        let report = sandbox.run(&gate).exits(1).json();
        assert!(!ids(&report).contains(&CRITICAL_AND_EXPLOITED));
        assert_eq!(report["decision"]["reasons"][0]["subject"], "pkg:pypi/jinja2@2.10");
    }
}

#[test]
fn the_inventory_alone_and_what_explains_a_finding() {
    let sandbox = prepared();
    let report = sandbox.scan(&["app.tar"]);
    let inventory = sandbox.run(&["sbom", "--format", "json", "app.tar"]).exits(0).json();
    assert_eq!(inventory["packages"], report["packages"]);
    assert_eq!(inventory["findings"], Value::Null, "nobody looked");
    let purls = sandbox.run(&["sbom", "--format", "purl", "app.tar"]).exits(0);
    let wanted: Vec<&str> = report["packages"].as_array().unwrap().iter().map(|one| one["purl"].as_str().unwrap()).collect();
    assert_eq!(purls.text().lines().collect::<Vec<_>>(), wanted);

    let explain = |id: &str| sandbox.run(&["scan", "--db", "test.db", "app.tar", "--explain", id]).exits(0);
    assert!(explain("CVE-2024-1001").text().contains("3.0.11-1"));
    assert!(explain("GHSA-aaaa-bbbb-cccc").text().to_lowercase().contains("jinja2"));
    assert!(!explain("CVE-1999-0001").text().is_empty());
    assert!(!explain("CVE-2024-1001").text().contains("set aside"));
    sandbox.write(
        ".plimsoll.yaml",
        "exceptions:\n  - id: CVE-2024-1001\n    reason: no TLS here\n    author: a@example.com\n    expires: 2999-01-01\n",
    );
    let text = explain("CVE-2024-1001").text().to_owned();
    assert!(text.contains("set aside: pkg:deb/debian/openssl@3.0.1-1") && text.contains("no TLS here"), "{text}");
    let json =
        sandbox.run(&["scan", "--db", "test.db", "app.tar", "--explain", "CVE-2024-1001", "--format", "json"]).exits(0).json();
    assert!(json["images"][0]["set_aside"][0]["why"].as_str().unwrap().contains("a@example.com"), "{json}");
}

#[test]
fn several_reports_at_once() {
    let sandbox = prepared();
    let formats = ["table", "json", "sarif", "cyclonedx-json", "spdx-json", "html"];
    let files: Vec<String> = formats.iter().map(|format| format!("--format={format}=report.{format}")).collect();
    sandbox.write("one.tpl", "{{ findings | length }} in {{ image.reference }}");
    let mut arguments = vec!["scan", "--db", "test.db", "app.tar", "--format", "template=one.tpl"];
    arguments.extend(files.iter().map(String::as_str));
    let outcome = sandbox.run(&arguments).exits(0);
    assert_eq!(outcome.text().trim_end(), "5 in app.tar");
    for format in formats {
        let text = String::from_utf8(sandbox.read(&format!("report.{format}"))).unwrap();
        assert!(text.to_lowercase().contains("jinja2"), "{format}: {text}");
        if format.ends_with("json") || format == "sarif" {
            serde_json::from_str::<Value>(&text).unwrap();
        }
    }
    let with_output = ["scan", "--db", "test.db", "app.tar", "--format", "json", "--format", "table=t.txt", "-o", "out.json"];
    let outcome = sandbox.run(&with_output).exits(0);
    assert!(outcome.stdout.is_empty());
    serde_json::from_slice::<Value>(&sandbox.read("out.json")).unwrap();
    assert!(!sandbox.read("t.txt").is_empty());
}

#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let sandbox = prepared();
    sandbox.write("report.json", "the last one");
    // Nothing that could not be carried out touches what was there.
    for arguments in [
        &["scan", "--db", "test.db", "missing.tar", "-o", "report.json"][..],
        &["scan", "--db", "missing.db", "app.tar", "-o", "report.json"],
        &["scan", "--db", "test.db", "app.tar", "--base", "clean.tar", "-o", "report.json"],
    ] {
        sandbox.run(arguments).fails();
        assert_eq!(sandbox.read("report.json"), b"the last one");
    }
    // A refusal is an answer, and is written.
    let refused = ["scan", "-q", "--db", "test.db", "app.tar", "--fail-on", "low", "--format", "json", "-o", "report.json"];
    sandbox.run(&refused).exits(1);
    assert_eq!(serde_json::from_slice::<Value>(&sandbox.read("report.json")).unwrap()["decision"]["outcome"], "deny");
    assert_eq!(leftovers(&sandbox), Vec::<String>::new());
}

/// Temporary files in the working directory.
pub(crate) fn leftovers(sandbox: &Sandbox) -> Vec<String> {
    let names = std::fs::read_dir(sandbox.path("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".tmp")).collect()
}
