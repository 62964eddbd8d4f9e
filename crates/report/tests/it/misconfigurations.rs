use std::collections::BTreeSet;

use model::report::Report;
use report::{Format, RenderOptions, ReportError, misconfigurations, render};
use serde_json::Value;

use crate::sample;

const FORMATS: &[(&str, Format)] = &[
    ("sarif", Format::Sarif),
    ("gitlab", Format::GitLab),
    ("junit", Format::Junit),
    ("markdown", Format::Markdown),
    ("github", Format::GitHub),
    ("table", Format::Table),
];

fn alone(format: &Format, report: &Report) -> String {
    let options = RenderOptions { width: 80, ..RenderOptions::default() };
    String::from_utf8(misconfigurations::render(format, report, &options).unwrap()).unwrap()
}

fn beside(format: &Format) -> String {
    let options = RenderOptions { width: 80, ..RenderOptions::default() };
    String::from_utf8(render(format, &[sample::both()], &options).unwrap()).unwrap()
}

#[test]
fn of_files_alone() {
    for (name, format) in FORMATS {
        insta::assert_snapshot!(format!("files_{name}"), alone(format, &sample::files()));
    }
}

#[test]
fn beside_vulnerabilities() {
    for (name, format) in FORMATS {
        let text = beside(format);
        assert!(text.contains("PLM-D904") && text.contains("CVE-"), "{name}");
        assert!(!text.contains('\u{1b}') && !text.contains("\n::error::"), "{name}");
    }
    insta::assert_snapshot!("both_gitlab", beside(&Format::GitLab));
    insta::assert_snapshot!("both_markdown", beside(&Format::Markdown));
}

#[test]
fn alike_ones_are_told_apart() {
    let issues: Vec<Value> = serde_json::from_str(&alone(&Format::GitLab, &sample::files())).unwrap();
    let fingerprints: BTreeSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), issues.len());
    let document: Value = serde_json::from_str(&beside(&Format::Sarif)).unwrap();
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    let prints: BTreeSet<String> = results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!(prints.len(), results.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn nothing_is_said_as_well() {
    let clean = Report { misconfigurations: Some(Vec::new()), unread: Vec::new(), warnings: Vec::new(), ..sample::files() };
    for (_, format) in FORMATS {
        let text = alone(format, &clean);
        assert!(!text.contains("PLM-"), "{text}");
    }
    assert_eq!(alone(&Format::GitLab, &clean), "[]\n");
    assert!(alone(&Format::Junit, &clean).contains("tests=\"1\" failures=\"0\" errors=\"0\""));
    assert!(
        alone(&Format::Markdown, &clean).contains("no misconfigurations")
            || alone(&Format::Markdown, &clean).contains("0 misconfigurations")
    );
    let refused = misconfigurations::render(&Format::CycloneDx, &clean, &RenderOptions::default());
    assert!(matches!(refused, Err(ReportError::NoMisconfigurations { .. })));
}
