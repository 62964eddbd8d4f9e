//! Stored reports come back as they were, and whatever else lies in a file is an error.

use model::license::Verdict;
use model::report::Report;
use report::stored::{Author, author, read};
use report::{Format, Index, RenderOptions, render};

use crate::sample;

fn all() -> [Report; 6] {
    [sample::full(), sample::inventory(), sample::empty(), sample::undetermined(), sample::hostile(), licensed()]
}

/// With what a policy said of licences.
fn licensed() -> Report {
    let mut report = sample::full();
    report.look_at_licenses();
    for (row, verdict) in report.licenses.iter_mut().flatten().zip([Verdict::Deny, Verdict::Allow]) {
        row.verdict = verdict;
    }
    report
}

fn json(reports: &[Report], index: Option<Index>) -> Vec<u8> {
    render(&Format::Json, reports, &RenderOptions { index, ..RenderOptions::default() }).unwrap()
}

#[test]
fn reports_come_back_to_the_byte() {
    for report in all() {
        let bytes = json(&[report], None);
        let stored = read(&bytes).unwrap();
        assert_eq!((stored.author, author(&bytes)), (Author::Plimsoll, Some(Author::Plimsoll)));
        assert!(json(&stored.reports, None) == bytes);
    }
    let index = Index { digest: sample::digest("7") };
    let bytes = json(&all(), Some(index));
    let stored = read(&bytes).unwrap();
    assert_eq!((stored.reports.len(), stored.index), (6, Some(index)));
    assert!(json(&stored.reports, stored.index) == bytes);
}

#[test]
fn formats_of_a_stored_report_are_those_of_the_report() {
    // All but the SBOMs, which say more of packages than a report.
    let formats = ["table", "sarif", "html", "markdown", "github", "gitlab", "junit", "openvex", "trivy-json"];
    for name in formats {
        let format: Format = name.parse().unwrap();
        for report in [sample::full(), sample::hostile(), licensed()] {
            let stored = read(&json(std::slice::from_ref(&report), None)).unwrap();
            let [before, after] = [&[report][..], &stored.reports]
                .map(|reports| String::from_utf8(render(&format, reports, &RenderOptions::default()).unwrap()).unwrap());
            assert!(before == after, "{name}");
        }
    }
}

#[test]
fn reports_of_earlier_versions_are_read() {
    let mut value: serde_json::Value = serde_json::from_slice(&json(&[sample::full()], None)).unwrap();
    for (object, fields) in [("/image", &["names", "exposed_ports", "command"][..]), ("/os", &["codename"]), ("", &["unread"])] {
        let object = value.pointer_mut(object).unwrap().as_object_mut().unwrap();
        for field in fields {
            object.remove(*field).unwrap();
        }
    }
    value["later"] = serde_json::json!({"versions": ["may", "add"]});
    let stored = read(value.to_string().as_bytes()).unwrap();
    assert_eq!(stored.reports[0].findings.as_ref().unwrap().len(), sample::full().findings.unwrap().len());
    // What they did not say yet is no promise.
    assert_eq!(stored.reports[0].unread.len(), 1);
}

#[test]
fn damage_is_an_error_and_no_more() {
    let ours = json(&[sample::hostile()], None);
    let trivy = render(&Format::TrivyJson, &[sample::full()], &RenderOptions::default()).unwrap();
    let grype =
        br#"{"matches": [{"vulnerability": {"id": "CVE-2024-1", "severity": "High", "fix": {"versions": ["2"], "state": "fixed",
        "available": [{"version": "2", "date": "2024-01-01"}]}, "epss": [{"epss": 0.1, "percentile": 0.5, "date": "2024-01-01"}]},
        "relatedVulnerabilities": [{"id": "CVE-2024-1"}], "matchDetails": [{"found": {"versionConstraint": "<2"}}],
        "artifact": {"name": "a", "version": "1", "type": "npm", "purl": "pkg:npm/a@1", "locations": [{"path": "/a"}]}}],
        "source": {"type": "image", "target": {"userInput": "a:1", "layers": [{"digest": "sha256:1", "size": 1}]}},
        "distro": {"name": "debian", "version": "12"}, "descriptor": {"name": "grype", "version": "1"}}"#;
    assert_eq!(read(grype).unwrap().reports[0].findings.as_ref().unwrap().len(), 1);
    testing::mutate::each(&[&ours, &trivy, grype], 3000, |bytes| {
        if let Ok(stored) = read(bytes) {
            assert!(!stored.reports.is_empty());
            let index = (stored.reports.len() > 1).then_some(Index { digest: None });
            json(&stored.reports, stored.index.or(index));
        }
    });
    // Nesting is bounded.
    let deep = format!("{{\"schema\": \"plimsoll.report/v1\", \"x\": {}", "[".repeat(1 << 20));
    assert!(read(deep.as_bytes()).is_err());
}
