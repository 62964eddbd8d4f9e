//! What sets findings aside: VEX documents and exceptions, each kind of input over the real program. The gate opens by
//! what is named, for as long as it holds, and by nothing else.

use serde_json::{Value, json};

use crate::command::{ids, sentences};
use crate::fixture::{CRITICAL_AND_EXPLOITED, OF_APP, prepared};

const GATE: [&str; 8] = ["scan", "-q", "--db", "test.db", "--format", "json", "--fail-on", "exploited"];

/// An OpenVEX document with one statement.
fn openvex(vulnerability: &str, product: &Value, status: &str) -> String {
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex-1", "author": "the team",
        "timestamp": "2024-05-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": vulnerability},
        "products": [product], "status": status, "justification": "vulnerable_code_not_in_execute_path"}]})
    .to_string()
}

/// Ids of the findings that are set aside.
fn aside(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter(|finding| !finding["suppressed"].is_null()).map(|finding| finding["id"].as_str().unwrap()).collect()
}

fn suppression<'a>(report: &'a Value, id: &str) -> &'a Value {
    &report["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id).unwrap()["suppressed"]
}

/// An exception of our own.
fn exception(id: &str, more: &str) -> String {
    format!("exceptions:\n  - id: {id}\n    reason: templates come from us\n    author: jo\n    expires: 2999-12-31\n{more}")
}

#[test]
fn an_exception_opens_the_gate_and_stays_visible() {
    let sandbox = prepared();
    let gate = [&GATE[..], &["app.tar"]].concat();
    sandbox.run(&gate).exits(1);
    sandbox.write(".plimsoll.yaml", exception(CRITICAL_AND_EXPLOITED, ""));
    let report = sandbox.run(&gate).exits(0).json();
    assert_eq!(report["decision"]["outcome"], "allow");
    assert_eq!(ids(&report).len(), OF_APP.len(), "what is set aside is still shown");
    assert_eq!(aside(&report), [CRITICAL_AND_EXPLOITED]);
    assert_eq!(report["summary"]["suppressed"], 1);
    let why = suppression(&report, CRITICAL_AND_EXPLOITED);
    assert_eq!(
        *why,
        json!({"kind": "exception", "source": ".plimsoll.yaml", "line": 2, "id": null, "author": "jo",
            "reason": "templates come from us", "status": null, "justification": null, "expires": "2999-12-31"})
    );
    // Every format for people says why.
    let reason = "templates come from us (jo, until 2999-12-31, .plimsoll.yaml line 2)";
    for format in ["table", "html", "sarif", "cyclonedx-json"] {
        let mut command = sandbox.offline(&["scan", "--db", "test.db", "app.tar", "--format", format]);
        let output = crate::command::run(command.env("COLUMNS", "200")).exits(0);
        assert!(output.text().contains(reason), "{format}\n{}", output.text());
    }
}

#[test]
fn conditions_of_an_exception_must_all_hold() {
    let sandbox = prepared();
    for (more, holds) in [
        ("    package: Jinja2\n", true),
        ("    package: pkg:pypi/jinja2\n", true),
        ("    package: pkg:pypi/jinja2@2.10\n", true),
        ("    package: pkg:pypi/jinja2@2.11\n", false),
        ("    package: lodash\n", false),
        ("    path: /srv/**\n", true),
        ("    path: [\"/opt/**\", \"srv/venv/**\"]\n", true),
        ("    path: /srv/*\n", false),
        ("    image: \"app.*\"\n", true),
        ("    image: \"ghcr.io/*\"\n", false),
        ("    justification: vulnerable_code_not_in_execute_path\n", true),
    ] {
        sandbox.write("mine.yaml", exception("GHSA-AAAA-bbbb-cccc", more));
        let report = sandbox.scan(&["app.tar", "--ignore-file", "mine.yaml"]);
        assert_eq!(aside(&report).len(), usize::from(holds), "{more}");
        let unmatched = sentences(&report["warnings"]).contains("fits no finding");
        assert_eq!(unmatched, !holds && !more.contains("image"), "{more}");
    }
}

#[test]
fn an_exception_that_ran_out_opens_nothing_and_is_reported() {
    let sandbox = prepared();
    sandbox.write(".plimsoll.yaml", exception(CRITICAL_AND_EXPLOITED, "").replace("2999-12-31", "2024-12-31"));
    let report = sandbox.run(&[&GATE[..], &["app.tar"]].concat()).exits(1).json();
    assert!(aside(&report).is_empty());
    let warnings = sentences(&report["warnings"]);
    assert!(warnings.contains(".plimsoll.yaml line 2: the exception for CVE-2024-3001 ended on 2024-12-31"), "{warnings}");
}

#[test]
fn exceptions_that_fit_nothing_are_reported() {
    let sandbox = prepared();
    sandbox.write(".plimsoll.yaml", exception("CVE-2000-0001", ""));
    let report = sandbox.scan(&["app.tar"]);
    let warnings = sentences(&report["warnings"]);
    assert!(warnings.contains(".plimsoll.yaml line 2: the exception for CVE-2000-0001 fits no finding"), "{warnings}");
}

#[test]
fn ignore_files_of_other_scanners() {
    let sandbox = prepared();
    for (name, content, reason, expires) in [
        (".trivyignore", "# sandboxed\nCVE-2024-3001 exp:2999-01-01\n".to_owned(), json!("sandboxed"), json!("2998-12-31")),
        (".trivyignore", "CVE-2024-3001\nAVD-DS-0002\n".to_owned(), Value::Null, Value::Null),
        (
            ".trivyignore.yaml",
            "vulnerabilities:\n  - id: CVE-2024-3001\n    paths: [\"srv/venv/**\"]\n    purls: [\"pkg:pypi/jinja2\"]\n    expired_at: 2999-01-01\n    statement: sandboxed\nmisconfigurations:\n  - id: AVD-DS-0002\n".to_owned(),
            json!("sandboxed"),
            json!("2998-12-31"),
        ),
        (
            ".grype.yaml",
            "fail-on-severity: high\nignore:\n  - vulnerability: CVE-2024-3001\n    reason: sandboxed\n    fix-state: fixed\n    package:\n      name: Jinja2\n      version: \"2.10\"\n      type: python\n      location: \"/srv/**\"\n".to_owned(),
            json!("sandboxed"),
            Value::Null,
        ),
        (
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"GHSA-aaaa-bbbb-cccc\"\nignoreUntil = 2999-01-01\nreason = \"sandboxed\"\n".to_owned(),
            json!("sandboxed"),
            json!("2998-12-31"),
        ),
    ] {
        sandbox.write(name, &content);
        let report = sandbox.run(&[&GATE[..], &["app.tar", "--ignore-file", name]].concat()).exits(0).json();
        assert_eq!(aside(&report), [CRITICAL_AND_EXPLOITED], "{name}");
        let why = suppression(&report, CRITICAL_AND_EXPLOITED);
        assert_eq!((&why["kind"], &why["source"]), (&json!("ignore-file"), &json!(name)));
        assert_eq!((&why["reason"], &why["expires"]), (&reason, &expires), "{content}");
    }
}

#[test]
fn a_rule_that_cannot_be_carried_over_allows_nothing() {
    let sandbox = prepared();
    for condition in ["namespace: debian:distro:debian:12", "match-type: exact-direct-match", "fix-state: unknown"] {
        sandbox.write(".grype.yaml", format!("ignore:\n  - vulnerability: CVE-2024-3001\n    {condition}\n"));
        let report = sandbox.run(&[&GATE[..], &["app.tar", "--ignore-file", ".grype.yaml"]].concat()).exits(1).json();
        let warnings = sentences(&report["warnings"]);
        assert!(warnings.contains(".grype.yaml line 2: the rule is left out"), "{warnings}");
    }
}

#[test]
fn exceptions_that_cannot_be_read_say_where_and_what_to_write() {
    let sandbox = prepared();
    let whole = exception("CVE-2024-1", "");
    let without =
        |field: &str| whole.lines().filter(|line| !line.contains(field)).map(|line| format!("{line}\n")).collect::<String>();
    for (name, content, parts) in [
        ("a.yaml", without("reason"), &["a.yaml line 2", "CVE-2024-1", "no reason", "`reason: "][..]),
        ("a.yaml", without("author"), &["a.yaml line 2", "no author", "`author: "]),
        ("a.yaml", without("expires"), &["a.yaml line 2", "no expires", "`expires: 2027-01-31`"]),
        ("a.yaml", whole.replace("2999-12-31", "next year"), &["a.yaml line 2", "`next year` is no day"]),
        ("a.yaml", whole.replace("templates come from us", "\" \""), &["no reason"]),
        ("a.yaml", format!("{whole}    expiry: 2027-01-31\n"), &["a.yaml line 6", "expiry"]),
        ("a.yaml", format!("{whole}    justification: because\n"), &["`because` is no justification", "component_not_present"]),
        ("a.yaml", format!("{whole}    package: \"pkg:\"\n"), &["a.yaml line 2", "no package URL"]),
        ("a.yaml", format!("{whole}    path: \"[\"\n"), &["a.yaml line 2", "`[` is no glob"]),
        ("a.yaml", "exceptions: [\n".to_owned(), &["a.yaml line"]),
        ("a.yaml", "rules: []\n".to_owned(), &["a.yaml", "exceptions:", "author: "]),
        ("osv-scanner.toml", "[[IgnoredVulns]]\nname = 1\n".to_owned(), &["osv-scanner.toml line", "name"]),
        (".trivyignore", "CVE-2024-3001 until:2027\n".to_owned(), &[".trivyignore line 1", "exp:2027-01-31"]),
        (".trivyignore", "{\"a\": 1}\n".to_owned(), &[".trivyignore line 1", "no id"]),
    ] {
        sandbox.write(name, &content);
        let sentence = sandbox.run(&[&GATE[..], &["app.tar", "--ignore-file", name]].concat()).fails();
        for part in parts {
            assert!(sentence.contains(part), "{content}\n{sentence}");
        }
    }
    assert!(sandbox.run(&[&GATE[..], &["app.tar", "--ignore-file", "none.yaml"]].concat()).fails().contains("none.yaml"));
}

#[test]
fn vex_of_every_format_opens_the_gate() {
    let sandbox = prepared();
    let jinja = "pkg:pypi/jinja2";
    let csaf = json!({"document": {"title": "t", "csaf_version": "2.0", "category": "csaf_vex", "publisher": {"name": "the team"},
        "tracking": {"id": "VEX-1", "status": "final", "current_release_date": "2024-05-01T00:00:00Z"}},
        "product_tree": {"branches": [{"category": "product_version", "name": "jinja2",
            "product": {"name": "jinja2", "product_id": "J", "product_identification_helper": {"purl": jinja}}}]},
        "vulnerabilities": [{"cve": CRITICAL_AND_EXPLOITED, "product_status": {"known_not_affected": ["J"]},
            "flags": [{"label": "vulnerable_code_not_in_execute_path", "product_ids": ["J"]}]}]});
    let cyclonedx = json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": "2024-05-01T00:00:00Z", "authors": [{"name": "the team"}]},
        "vulnerabilities": [{"id": CRITICAL_AND_EXPLOITED, "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
            "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:pypi/jinja2@2.10"}]}]});
    sandbox.write("vex/open.json", openvex(CRITICAL_AND_EXPLOITED, &json!({"@id": jinja}), "not_affected"));
    sandbox.write("csaf.json", csaf.to_string());
    sandbox.write("cyclonedx.json", cyclonedx.to_string());
    for (path, source) in [
        ("vex/open.json", "vex/open.json"),
        ("vex", "vex/open.json"),
        ("csaf.json", "csaf.json"),
        ("cyclonedx.json", "cyclonedx.json"),
    ] {
        let report = sandbox.run(&[&GATE[..], &["app.tar", "--vex", path]].concat()).exits(0).json();
        assert_eq!(aside(&report), [CRITICAL_AND_EXPLOITED], "{path}");
        let why = suppression(&report, CRITICAL_AND_EXPLOITED);
        assert_eq!((&why["kind"], &why["source"], &why["author"]), (&json!("vex"), &json!(source), &json!("the team")));
        assert_eq!(
            (&why["status"], &why["justification"]),
            (&json!("not_affected"), &json!("vulnerable_code_not_in_execute_path"))
        );
    }
}

#[test]
fn the_image_as_product_by_its_name_in_the_archive_and_by_digest() {
    let sandbox = prepared();
    let config = sandbox.scan(&["app.tar"])["image"]["config_digest"].as_str().unwrap().to_owned();
    for (product, opens) in [
        (format!("pkg:oci/app@{config}"), true),
        ("pkg:oci/app?tag=1".to_owned(), true),
        ("pkg:docker/app@1".to_owned(), true),
        ("pkg:oci/app?tag=2".to_owned(), false),
        ("pkg:oci/base".to_owned(), false),
    ] {
        let product = json!({"@id": product, "subcomponents": [{"@id": "pkg:pypi/jinja2"}]});
        sandbox.write("a.json", openvex(CRITICAL_AND_EXPLOITED, &product, "fixed"));
        let report = sandbox.run(&[&GATE[..], &["app.tar", "--vex", "a.json"]].concat()).exits(i32::from(!opens)).json();
        let unused = sentences(&report["warnings"]).contains("a.json was not used");
        assert_eq!(unused, !opens, "{product}: what is not used is said");
    }
}

#[test]
fn statuses_that_open_nothing() {
    let sandbox = prepared();
    for status in ["affected", "under_investigation"] {
        sandbox.write("a.json", openvex(CRITICAL_AND_EXPLOITED, &json!({"@id": "pkg:pypi/jinja2"}), status));
        sandbox.run(&[&GATE[..], &["app.tar", "--vex", "a.json"]].concat()).exits(1);
    }
    // Equal in time: the one that leaves more open, and both are named.
    sandbox.write("b.json", openvex("GHSA-aaaa-bbbb-cccc", &json!({"@id": "pkg:pypi/jinja2"}), "not_affected"));
    let report = sandbox.run(&[&GATE[..], &["app.tar", "--vex", "a.json", "--vex", "b.json"]].concat()).exits(1).json();
    let warnings = sentences(&report["warnings"]);
    assert!(warnings.contains("a.json says under_investigation, b.json says not_affected"), "{warnings}");
}

#[test]
fn a_mirrored_repository_speaks_for_what_it_lists() {
    let sandbox = prepared();
    sandbox.write("hub/pkg/a.json", openvex(CRITICAL_AND_EXPLOITED, &json!({"@id": "pkg:pypi/jinja2@2.10"}), "not_affected"));
    let index = |id: &str, location: &str| {
        let index =
            json!({"updated_at": "2024-05-01T00:00:00Z", "packages": [{"id": id, "location": location, "format": "openvex"}]});
        sandbox.write("hub/index.json", index.to_string());
    };
    let scan = [&GATE[..], &["app.tar", "--vex", "hub"]].concat();
    index("pkg:pypi/jinja2", "pkg/a.json");
    sandbox.run(&scan).exits(0);
    // Listed under another package, a document says nothing of this one.
    index("pkg:pypi/other", "pkg/a.json");
    sandbox.run(&scan).exits(1);
    index("pkg:pypi/jinja2", "../secret.json");
    assert!(sandbox.run(&scan).fails().contains("leads out of the repository"));
}

#[test]
fn vex_of_the_database_is_applied() {
    let sandbox = prepared();
    sandbox.write(
        "feeds-of-test.db/vex/ours.json",
        openvex(CRITICAL_AND_EXPLOITED, &json!({"@id": "pkg:pypi/jinja2"}), "not_affected"),
    );
    sandbox.run(&["db", "build", "--feeds", "feeds-of-test.db", "-o", "test.db"]).exits(0);
    let report = sandbox.run(&[&GATE[..], &["app.tar"]].concat()).exits(0).json();
    assert_eq!(suppression(&report, CRITICAL_AND_EXPLOITED)["source"], "vex");
}

#[test]
fn vex_that_cannot_be_used_is_an_error() {
    let sandbox = prepared();
    let good = openvex(CRITICAL_AND_EXPLOITED, &json!({"@id": "pkg:pypi/jinja2"}), "not_affected");
    for (content, parts) in [
        ("{".to_owned(), &["bad.json", "not the JSON"][..]),
        ("{}".to_owned(), &["bad.json", "none of OpenVEX"]),
        (good.replace("not_affected", "harmless"), &["bad.json", "`harmless` is not a VEX status"]),
        (good.replace("vulnerable_code_not_in_execute_path", ""), &["statement 1 (CVE-2024-3001)", "without a reason"]),
        (openvex("CVE-1", &json!({"@id": ""}), "fixed"), &["names no product"]),
        (json!({"document": {"tracking": {"id": "x", "status": "draft"}}}).to_string(), &["bad.json", "draft"]),
        (
            json!({"bomFormat": "CycloneDX", "vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "fine"}}]}).to_string(),
            &["bad.json", "`fine` is not a state"],
        ),
    ] {
        sandbox.write("bad.json", &content);
        sandbox.write("good.json", &good);
        let sentence = sandbox.run(&[&GATE[..], &["app.tar", "--vex", "good.json", "--vex", "bad.json"]].concat()).fails();
        for part in parts {
            assert!(sentence.contains(part), "{content}\n{sentence}");
        }
    }
    assert!(sandbox.run(&[&GATE[..], &["app.tar", "--vex", "none.json"]].concat()).fails().contains("none.json"));
}

#[test]
fn our_own_openvex_is_read_back() {
    let sandbox = prepared();
    sandbox
        .write(".plimsoll.yaml", exception(CRITICAL_AND_EXPLOITED, "    justification: vulnerable_code_not_in_execute_path\n"));
    let mut scan = sandbox.offline(&["scan", "--db", "test.db", "app.tar", "--format", "openvex"]);
    let written = crate::command::run(scan.env("SOURCE_DATE_EPOCH", "1767225600")).exits(0);
    let document = written.json();
    assert_eq!(document["timestamp"], "2026-01-01T00:00:00Z");
    let statements = document["statements"].as_array().unwrap();
    assert_eq!(statements.len(), OF_APP.len());
    for statement in statements {
        let product = statement["products"][0]["@id"].as_str().unwrap();
        assert!(product.starts_with("pkg:oci/app@sha256%3A"), "{product}");
        assert!(product.ends_with("repository_url=docker.io/library/app&tag=1"), "{product}");
        match statement["status"].as_str().unwrap() {
            "affected" => assert!(statement["action_statement"].is_string(), "{statement}"),
            status => {
                assert_eq!(
                    (status, &statement["justification"]),
                    ("not_affected", &json!("vulnerable_code_not_in_execute_path"))
                );
            }
        }
    }
    assert!(sandbox.run(&["sbom", "app.tar", "--format", "openvex"]).fails().contains("plimsoll scan"), "nothing was judged");
    // Without the exception, the document opens the same gate again.
    std::fs::remove_file(sandbox.path(".plimsoll.yaml")).unwrap();
    sandbox.write("ours.json", &written.stdout);
    let gate = [&GATE[..], &["app.tar"]].concat();
    sandbox.run(&gate).exits(1);
    let report = sandbox.run(&[&gate[..], &["--vex", "ours.json"]].concat()).exits(0).json();
    assert_eq!(aside(&report), [CRITICAL_AND_EXPLOITED]);
}

#[test]
fn what_an_sbom_says_of_itself_is_a_claim() {
    let sandbox = prepared();
    sandbox
        .write(".plimsoll.yaml", exception(CRITICAL_AND_EXPLOITED, "    justification: vulnerable_code_not_in_execute_path\n"));
    sandbox.run(&["scan", "--db", "test.db", "app.tar", "--format", "cyclonedx-json", "-o", "app.cdx.json"]).exits(0);
    std::fs::remove_file(sandbox.path(".plimsoll.yaml")).unwrap();
    let report = sandbox.run(&[&GATE[..], &["sbom:app.cdx.json"]].concat()).exits(1).json();
    assert!(aside(&report).is_empty());
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == CRITICAL_AND_EXPLOITED).unwrap();
    assert_eq!(finding["claimed"][0]["status"], "not_affected", "{finding}");
    // Whoever runs the scan may believe it.
    sandbox.run(&[&GATE[..], &["sbom:app.cdx.json", "--vex", "app.cdx.json"]].concat()).exits(0);
}
