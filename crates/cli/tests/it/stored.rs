//! Reports that lie in files: ours, Trivy's and Grype's, converted, ranked and gated like a scan.

use serde_json::{Value, json};

use crate::command::{Outcome, Sandbox, ids, run, sentences};
use crate::fixture::{CRITICAL_AND_EXPLOITED, OF_APP, days_ago, prepared};

fn with_report() -> Sandbox {
    let sandbox = prepared();
    sandbox.run(&["scan", "-q", "--db", "test.db", "--format", "json", "-o", "report.json", "app.tar"]).exits(0);
    sandbox
}

fn convert(sandbox: &Sandbox, file: &str, more: &[&str]) -> Outcome {
    sandbox.run(&[&["convert", "--db", "test.db", "--format", "json", file], more].concat())
}

fn change(sandbox: &Sandbox, name: &str, change: impl FnOnce(&mut Value)) {
    let mut report: Value = serde_json::from_slice(&sandbox.read(name)).unwrap();
    change(&mut report);
    sandbox.write(name, report.to_string());
}

#[test]
fn a_report_of_ours_comes_back_as_it_was() {
    let sandbox = with_report();
    let converted = convert(&sandbox, "report.json", &[]).exits(0);
    assert_eq!(String::from_utf8(converted.stdout).unwrap(), String::from_utf8(sandbox.read("report.json")).unwrap());
    // Other formats are what the scan itself writes.
    for format in ["sarif", "markdown", "gitlab", "junit", "html", "github", "table"] {
        let scanned = sandbox.run(&["scan", "--db", "test.db", "--format", format, "app.tar"]).exits(0).stdout;
        let converted = sandbox.run(&["convert", "--format", format, "report.json"]).exits(0).stdout;
        // The scan's own time stands in some of them.
        let without_time = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            let today = jiff::Timestamp::now().strftime("%F").to_string();
            text.lines().filter(|line| !line.contains(&format!("{today}T"))).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(without_time(scanned), without_time(converted), "{format}");
    }
    // What is in an index comes back as one.
    let index = json!({"schema": "plimsoll.index/v1", "index": {"digest": null}, "reports": [
        serde_json::from_slice::<Value>(&sandbox.read("report.json")).unwrap()
    ]});
    sandbox.write("index.json", index.to_string());
    assert_eq!(convert(&sandbox, "index.json", &[]).exits(0).json(), index);
}

#[test]
fn a_stored_report_is_gated_as_old_as_it_is() {
    let sandbox = with_report();
    convert(&sandbox, "report.json", &["--fail-on", "exploited"]).exits(1);
    sandbox.write(
        "policy.yaml",
        "schema: plimsoll.policy/v1\nrules:\n  - name: none\n    scope: {gate: run}\n    deny-exploited: true\n",
    );
    let gate = |code: i32| {
        let gate = ["gate", "--policy", "policy.yaml", "--at", "push", "--format", "json", "report.json"];
        sandbox.run(&gate).exits(code).json()["decision"].clone()
    };
    let decision = gate(0);
    assert_eq!(decision["outcome"], "allow");
    assert_eq!(decision["inputs"]["report"], sha256(&sandbox.read("report.json")));
    assert!(decision["inputs"]["report_created"].is_string());
    let dry = ["policy", "explain", "policy.yaml", "--at", "run", "--report", "report.json", "report.json"];
    let dry = sandbox.run(&dry).exits(0);
    assert!(
        dry.text().starts_with("deny   report.json  none: ") && dry.text().ends_with("0 allow, 0 warn, 2 deny\n"),
        "{}",
        dry.text()
    );
    // Findings that nobody sees are no evidence.
    let good = sandbox.read("report.json");
    change(&sandbox, "report.json", |report| report["summary"]["hidden_by_filters"] = json!(3));
    convert(&sandbox, "report.json", &["--fail-on", "malicious", "--severity", "critical"]).exits(1);
    let refused = convert(&sandbox, "report.json", &["--fail-on", "risk>=100", "--pkg-types", "deb"]).code;
    assert_ne!(refused, 0);
    assert_eq!(gate(1)["outcome"], "deny");
    // What was fresh then is stale now.
    sandbox.write("report.json", &good);
    change(&sandbox, "report.json", |report| {
        report["created"] = json!("2024-01-01T00:00:00Z");
        report["findings"] = json!([]);
        for row in report["coverage"].as_array_mut().unwrap() {
            row["as_of"] = json!("2024-01-01");
        }
    });
    let report = convert(&sandbox, "report.json", &["--fail-on", "low"]).exits(2).json();
    assert!(report["decision"]["reasons"].to_string().contains("more than 7 days old"));
    assert_eq!(gate(1)["outcome"], "deny");
    sandbox.write("cut.json", &good[..good.len() / 2]);
    let gated = sandbox.run(&["gate", "--policy", "policy.yaml", "--at", "push", "cut.json"]).exits(1);
    assert!(gated.text().contains("deny") && gated.text().contains("cut.json"), "{}", gated.text());
    let usage = sandbox.run(&["gate", "--policy", "policy.yaml", "--at", "push", "--vex", "x.json", "report.json"]).fails();
    assert!(usage.contains("--vex"), "{usage}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    model::digest::Digest::Sha256(sha2::Sha256::digest(bytes).into()).to_string()
}

/// A report as Trivy writes it: one finding of the distribution, one of Python, one that VEX took out.
fn trivy(created: &str) -> Value {
    json!({
        "SchemaVersion": 2, "CreatedAt": created, "ArtifactName": "shop:1", "ArtifactType": "container_image",
        "Metadata": {
            "OS": {"Family": "debian", "Name": "12.5"},
            "ImageID": format!("sha256:{}", "1".repeat(64)),
            "DiffIDs": [format!("sha256:{}", "2".repeat(64))],
            "RepoTags": ["shop:1"],
            "ImageConfig": {"architecture": "amd64", "os": "linux", "created": "2024-02-01T00:00:00Z",
                "config": {"User": "app", "ExposedPorts": {"8080/tcp": {}}, "Labels": {"team": "shop"}}},
        },
        "Results": [
            {"Target": "shop:1 (debian 12.5)", "Class": "os-pkgs", "Type": "debian",
             "Packages": [{"ID": "zlib1g@1:1.2.13", "Name": "zlib1g", "Version": "1.2.13", "Epoch": 1, "Arch": "amd64",
                "SrcName": "zlib", "SrcVersion": "1.2.13", "SrcEpoch": 1,
                "Identifier": {"PURL": "pkg:deb/debian/zlib1g@1.2.13?arch=amd64&distro=debian-12.5&epoch=1"},
                "Layer": {"DiffID": format!("sha256:{}", "2".repeat(64))}}],
             "Vulnerabilities": [{"VulnerabilityID": CRITICAL_AND_EXPLOITED, "PkgName": "zlib1g", "InstalledVersion": "1:1.2.13",
                "PkgIdentifier": {"PURL": "pkg:deb/debian/zlib1g@1.2.13?arch=amd64&distro=debian-12.5&epoch=1"},
                "FixedVersion": "1:1.2.14, 1:1.3", "Status": "fixed", "Severity": "MEDIUM", "SeveritySource": "debian",
                "Title": "overflow", "PrimaryURL": "https://example.com/1", "CweIDs": ["CWE-787"],
                "DataSource": {"ID": "debian", "Name": "Debian Security Tracker", "URL": "https://example.com"},
                "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8}},
                "Layer": {"DiffID": format!("sha256:{}", "2".repeat(64))}}]},
            {"Target": "Python", "Class": "lang-pkgs", "Type": "python-pkg",
             "Vulnerabilities": [{"VulnerabilityID": "GHSA-aaaa-bbbb-cccc", "VendorIDs": ["CVE-2024-7777"], "PkgName": "jinja2",
                "PkgPath": "app/jinja2.dist-info/METADATA", "InstalledVersion": "2.10", "Status": "will_not_fix", "Severity": "UNKNOWN"}],
             "ExperimentalModifiedFindings": [{"Type": "vulnerability", "Status": "not_affected", "Statement": "not called",
                "Source": "vex.json", "Finding": {"VulnerabilityID": "CVE-2024-8888", "PkgName": "jinja2", "InstalledVersion": "2.10",
                "Severity": "HIGH"}}]},
            {"Target": "secrets", "Class": "secret"}
        ]
    })
}

#[test]
fn a_report_of_trivy_is_ranked_and_gated() {
    let sandbox = prepared();
    sandbox.write("trivy.json", trivy(&format!("{}T00:00:00.123456789Z", days_ago(1))).to_string());
    let report = convert(&sandbox, "trivy.json", &[]).exits(0).json();
    assert_eq!(ids(&report), [CRITICAL_AND_EXPLOITED, "CVE-2024-8888", "CVE-2024-7777"]);
    let [first, aside, last] = [0, 1, 2].map(|index| &report["findings"][index]);
    // What the database knows of it comes on top of what Trivy says.
    assert!(first["exploited"]["kev"]["date_added"].is_string() && first["risk"].as_f64().unwrap() > 70.0, "{first}");
    assert_eq!((&first["severity"], &first["severity_source"]), (&json!("medium"), &json!("debian")));
    assert_eq!(first["fixed_in"], json!(["1:1.2.14", "1:1.3"]));
    assert_eq!(first["evidence"][0]["layer"], json!(format!("sha256:{}", "2".repeat(64))));
    assert_eq!((&last["aliases"], &last["status"]), (&json!(["GHSA-aaaa-bbbb-cccc"]), &json!("wont_fix")));
    assert_eq!((&aside["suppressed"]["kind"], &aside["suppressed"]["reason"]), (&json!("vex"), &json!("not called")));
    assert_eq!(report["packages"].as_array().unwrap().len(), 2);
    assert_eq!(report["packages"][0]["source"]["version"], "1:1.2.13");
    assert_eq!(report["image"]["user"], "app");
    assert_eq!(report["os"]["id"], "debian");
    assert_eq!(report["coverage"][0]["reasons"], json!(["by the word of trivy"]));
    convert(&sandbox, "trivy.json", &["--fail-on", "exploited"]).exits(1);
    convert(&sandbox, "trivy.json", &["--fail-on", "critical"]).exits(0);
    // Through a pipe, too.
    let mut piped = sandbox.offline(&["convert", "--db", "test.db", "--format", "json", "-"]);
    piped.stdin(std::fs::File::open(sandbox.path("trivy.json")).unwrap());
    assert_eq!(run(&mut piped).exits(0).json(), report);
    // Old words are no words, and neither is silence.
    sandbox.write("trivy.json", trivy("2024-01-01T00:00:00Z").to_string());
    convert(&sandbox, "trivy.json", &["--fail-on", "critical"]).exits(2);
    change(&sandbox, "trivy.json", |report| {
        report["CreatedAt"] = json!(format!("{}T00:00:00Z", days_ago(0)));
        report["Results"][0].as_object_mut().unwrap().remove("Vulnerabilities");
        report["Results"].as_array_mut().unwrap().truncate(1);
    });
    let report = convert(&sandbox, "trivy.json", &["--fail-on", "critical"]).exits(2).json();
    assert!(sentences(&report["unread"]).contains("does not say that it looked"));
    change(&sandbox, "trivy.json", |report| report["Results"] = Value::Null);
    convert(&sandbox, "trivy.json", &["--fail-on", "critical"]).exits(2);
}

#[test]
fn a_report_of_grype_is_ranked_and_gated() {
    let sandbox = prepared();
    let layer = format!("sha256:{}", "3".repeat(64));
    let matched = |id: &str, related: Value, purl: &str, kind: &str| {
        json!({"vulnerability": {"id": id, "dataSource": "https://example.com", "namespace": "github:language:python",
                "severity": "High", "description": "first line\nsecond",
                "cvss": [{"source": "nvd@nist.gov", "version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                    "metrics": {"baseScore": 9.8}}],
                "fix": {"versions": ["2.11"], "state": "fixed", "available": [{"version": "2.11", "date": "2024-03-01"}]}},
            "relatedVulnerabilities": related,
            "matchDetails": [{"type": "exact-direct-match", "found": {"versionConstraint": "<2.11 (python)"}}],
            "artifact": {"name": "Jinja2", "version": "2.10", "type": kind, "purl": purl,
                "locations": [{"path": "/app/METADATA", "layerID": layer}], "licenses": ["BSD-3-Clause"]}})
    };
    let mut ignored = matched("CVE-2024-9999", json!([]), "", "python");
    ignored["appliedIgnoreRules"] = json!([{"vulnerability": "CVE-2024-9999", "reason": "sandboxed"}]);
    let document = json!({
        "matches": [matched("GHSA-aaaa-bbbb-cccc", json!([{"id": CRITICAL_AND_EXPLOITED}]), "pkg:pypi/Jinja2@2.10", "python")],
        "ignoredMatches": [ignored],
        "source": {"type": "image", "target": {"userInput": "shop:1", "imageID": layer, "manifestDigest": layer, "tags": ["shop:1"],
            "layers": [{"digest": layer, "size": 7}], "repoDigests": [format!("example.com/shop@{layer}")],
            "architecture": "arm64", "os": "linux"}},
        "distro": {"name": "debian", "version": "12"},
        "descriptor": {"name": "grype", "version": "0.90.0", "timestamp": format!("{}T00:00:00Z", days_ago(0)),
            "db": {"status": {"built": format!("{}T00:00:00Z", days_ago(2))}}}
    });
    sandbox.write("grype.json", document.to_string());
    let report = convert(&sandbox, "grype.json", &[]).exits(0).json();
    assert_eq!(ids(&report), [CRITICAL_AND_EXPLOITED, "CVE-2024-9999"]);
    let first = &report["findings"][0];
    assert_eq!(first["aliases"], json!(["GHSA-aaaa-bbbb-cccc"]));
    assert_eq!((&first["package"], &first["title"]), (&json!("jinja2"), &json!("first line")));
    assert_eq!(first["fix_available_since"], "2024-03-01T00:00:00Z");
    assert!(first["evidence"][0]["range"].as_str().unwrap().starts_with("<2.11 (python)"));
    assert_eq!(report["findings"][1]["suppressed"]["reason"], "sandboxed");
    assert_eq!((&report["image"]["digest"], &report["image"]["platform"]), (&json!(layer), &json!("linux/arm64")));
    assert_eq!(report["coverage"][0]["as_of"], json!(days_ago(2)), "as old as its database");
    convert(&sandbox, "grype.json", &["--fail-on", "exploited"]).exits(1);
    change(&sandbox, "grype.json", |report| report["descriptor"] = json!({"name": "grype", "version": "0.90.0"}));
    convert(&sandbox, "grype.json", &["--fail-on", "unrated"]).exits(2);
}

#[test]
fn what_is_no_report_is_refused_in_one_sentence() {
    let sandbox = with_report();
    sandbox.run(&["sbom", "--format", "cyclonedx-json", "-o", "sbom.json", "app.tar"]).exits(0);
    sandbox.run(&["scan", "--db", "test.db", "--format", "sarif", "-o", "sarif.json", "app.tar"]).exits(0);
    sandbox.write("one.json", "{\"SchemaVersion\": 1, \"Results\": []}");
    sandbox.write("odd.json", "{\"schema\": \"plimsoll.diff/v1\"}");
    sandbox.write("list.json", "[]");
    sandbox.write("wrong.json", "{\"schema\": \"plimsoll.report/v1\", \"tool\": 3}");
    sandbox.write(
        "nameless.json",
        "{\"SchemaVersion\": 2, \"Results\": [{\"Class\": \"os-pkgs\", \"Type\": \"debian\", \"Vulnerabilities\": [{}]}]}",
    );
    sandbox.write("empty.json", "{\"schema\": \"plimsoll.index/v1\", \"index\": {\"digest\": null}, \"reports\": []}");
    for (file, words) in [
        ("sbom.json", "plimsoll scan sbom:"),
        ("sarif.json", "SARIF"),
        ("one.json", "version 2 is read"),
        ("odd.json", "plimsoll.diff/v1"),
        ("list.json", "no report"),
        ("wrong.json", "line 1"),
        ("nameless.json", "VulnerabilityID"),
        ("empty.json", "holds no report"),
        ("missing.json", "could not be read"),
    ] {
        let sentence = convert(&sandbox, file, &[]).fails();
        assert!(sentence.contains(file) && sentence.contains(words), "{sentence}");
    }
}

#[test]
fn what_reads_trivy_reads_us() {
    let sandbox = with_report();
    sandbox.run(&["convert", "--format", "trivy-json", "-o", "trivy.json", "report.json"]).exits(0);
    let ours: Value = serde_json::from_slice(&sandbox.read("report.json")).unwrap();
    // Back again, the same weaknesses of the same packages stand there.
    let back = convert(&sandbox, "trivy.json", &[]).exits(0).json();
    let pairs = |report: &Value| {
        let mut pairs: Vec<String> =
            report["findings"].as_array().unwrap().iter().map(|one| format!("{} {}", one["id"], one["purl"])).collect();
        pairs.sort();
        pairs
    };
    assert_eq!(pairs(&back), pairs(&ours));
    assert_eq!(ids(&ours).len(), OF_APP.len());
    assert_eq!(back["packages"].as_array().unwrap().len(), ours["packages"].as_array().unwrap().len());
    // And Trivy itself reads it and loses none.
    let Some(trivy) = testing::peer("trivy") else { return };
    let mut command = sandbox.prepare(trivy);
    let read = run(command.args(["convert", "--quiet", "--format", "json", "trivy.json"])).exits(0).json();
    let counted = |report: &Value| -> usize {
        let results = report["Results"].as_array().unwrap();
        results.iter().map(|result| result["Vulnerabilities"].as_array().map_or(0, Vec::len)).sum()
    };
    assert_eq!(counted(&read), OF_APP.len());
}
