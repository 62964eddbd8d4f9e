use model::report::Report;
use model::secret::Secret;
use report::diff::{Diff, Known};
use report::{Format, RenderOptions, misconfigurations, render, stored};
use serde_json::Value;

use crate::sample;

const FORMATS: &[(&str, Format)] = &[
    ("table", Format::Table),
    ("markdown", Format::Markdown),
    ("github", Format::GitHub),
    ("gitlab", Format::GitLab),
    ("junit", Format::Junit),
    ("sarif", Format::Sarif),
    ("html", Format::Html),
    ("trivy", Format::TrivyJson),
    ("json", Format::Json),
];

fn options() -> RenderOptions {
    RenderOptions { width: 80, ..RenderOptions::default() }
}

/// Secrets and nothing else, so that the snapshots hold nothing else.
fn alone() -> Report {
    let full = sample::secrets();
    Report { findings: None, decision: None, packages: Vec::new(), coverage: Vec::new(), warnings: Vec::new(), ..full }
}

fn text(format: &Format, report: &Report) -> String {
    String::from_utf8(render(format, std::slice::from_ref(report), &options()).unwrap()).unwrap()
}

#[test]
fn every_format_shows_them() {
    for (name, format) in FORMATS {
        let text = text(format, &sample::secrets());
        assert!(text.contains("CVE-2021-44228") && text.contains("ghp") && text.contains("GITHUB"), "{name}");
        assert!(!text.contains('\u{1b}') && !text.contains("\n::error::\n"), "{name}");
    }
    for (name, format) in FORMATS.iter().filter(|(name, _)| !matches!(*name, "html" | "json")) {
        insta::assert_snapshot!(format!("secrets_{name}"), text(format, &alone()));
    }
    let page = text(&Format::Html, &alone());
    let section = page.split("Secrets</h2>").nth(1).and_then(|rest| rest.split("</div>").next()).unwrap();
    insta::assert_snapshot!("secrets_html", section);
}

#[test]
fn files_alone_have_them_beside_misconfigurations() {
    let mut report = Report { secrets: sample::secrets().secrets, ..sample::files() };
    for secret in report.secrets.iter_mut().flatten() {
        secret.locations.truncate(1);
        secret.locations[0].layer = None;
    }
    for (name, format) in FORMATS.iter().filter(|(name, _)| !matches!(*name, "html" | "trivy" | "json")) {
        let bytes = misconfigurations::render(format, &report, &options()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("PLM-D900") && text.contains("A GitHub token"), "{name}: {text}");
    }
    report.misconfigurations = None;
    let table = String::from_utf8(misconfigurations::render(&Format::Table, &report, &options()).unwrap()).unwrap();
    assert!(!table.contains("Nothing to mend") && table.contains("2 secrets."), "{table}");
}

#[test]
fn sarif_names_the_rules_of_secrets() {
    let document: Value = serde_json::from_str(&text(&Format::Sarif, &sample::secrets())).unwrap();
    let run = &document["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

fn read(text: &str) -> Vec<Secret> {
    stored::read(text.as_bytes()).unwrap().reports[0].secrets.clone().unwrap()
}

#[test]
fn stored_ones_are_read_back() {
    let report = sample::secrets();
    assert_eq!(Some(read(&text(&Format::Json, &report))), report.secrets);
    // Trivy's form has one entry for each place, and shows nothing of a secret.
    let back = read(&text(&Format::TrivyJson, &report));
    let rules: Vec<&str> = back.iter().map(|secret| secret.rule.as_str()).collect();
    assert_eq!(rules, ["github-pat", "github-pat", "private-key"]);
    assert!(back.iter().all(|secret| secret.redacted == "****"), "{back:?}");
    let theirs = r#"{"SchemaVersion": 2, "ArtifactName": "a", "ArtifactType": "container_image", "Results": [
        {"Target": "/app/.env", "Class": "secret", "Secrets": [{"RuleID": "aws-access-key-id", "Category": "AWS",
         "Severity": "CRITICAL", "Title": "AWS Access Key ID", "StartLine": 2, "EndLine": 2,
         "Code": {"Lines": [{"Number": 2, "Content": "ID=********"}]}, "Match": "ID=********",
         "Layer": {"DiffID": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}]}]}"#;
    let [one] = &read(theirs)[..] else { panic!() };
    assert_eq!((one.rule.as_str(), one.redacted.as_str(), one.locations[0].line), ("aws-access-key-id", "********", Some(2)));
    assert!(one.locations[0].layer.is_some());
}

#[test]
fn differences_tell_those_that_came_and_went() {
    let report = sample::secrets();
    let mut later = report.clone();
    let secrets = later.secrets.as_mut().unwrap();
    secrets.remove(1);
    // Another line and one place less make no other secret.
    secrets[0].locations.remove(0);
    secrets[0].locations[0].line = Some(80);
    secrets.push(Secret { rule: "slack-token".into(), title: "A Slack token".into(), ..secrets[0].clone() });
    let diff = Diff::of(&report, &later);
    let rules = |secrets: &[&Secret]| secrets.iter().map(|secret| secret.rule.clone()).collect::<Vec<_>>();
    assert_eq!(
        (rules(&diff.brought_secrets), rules(&diff.fixed_secrets)),
        (vec!["slack-token".into()], vec!["private-key".into()])
    );
    for format in [Format::Table, Format::Markdown, Format::Json] {
        let text = String::from_utf8(diff.render(&format, &options()).unwrap()).unwrap();
        assert!(text.contains("A Slack token") && text.contains("A private key") && !text.contains("A GitHub"), "{text}");
    }
    let known = Known::of(std::slice::from_ref(&report));
    let knows: Vec<bool> = later.secrets.iter().flatten().map(|secret| known.knows_secret(secret)).collect();
    assert_eq!(knows, [true, false, false]);
    let blind = Report { secrets: None, ..later };
    let diff = Diff::of(&report, &blind);
    assert!(diff.fixed_secrets.is_empty() && diff.warnings.iter().any(|one| one.contains("nobody looked for secrets")));
}
