//! Hosts, in the formats they have.

use model::host::{Control, HostOutcome, HostReport};
use model::report::{Decision, Outcome, Reason};
use model::severity::Severity;
use report::{Format, RenderOptions};

fn control(number: &str, section: &str, outcome: HostOutcome, evidence: &str, items: &[&str]) -> Control {
    Control {
        id: format!("PLM-H{:0>3}", number.replace('.', "")),
        number: number.to_owned(),
        section: section.to_owned(),
        aliases: vec![format!("CIS-Docker-{number}")],
        title: format!("What control {number} asks for, in words that may not fit into one line"),
        severity: Severity::High,
        outcome,
        evidence: evidence.to_owned(),
        items: items.iter().map(|&item| item.to_owned()).collect(),
        why: "It matters.".to_owned(),
        fix: "Mend it.".to_owned(),
        link: "https://example.org/".to_owned(),
    }
}

fn report() -> HostReport {
    let many: Vec<String> = (0..12).map(|number| format!("container-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    HostReport {
        tool_version: "0.1.0".to_owned(),
        created: "2026-01-01T00:00:00Z".parse().unwrap(),
        benchmark: "CIS Docker Benchmark 1.7".to_owned(),
        engine: Some("Docker Engine 28.2.2".to_owned()),
        controls: vec![
            control("2.1", "Engine", HostOutcome::Undetermined, "nobody looked", &[]),
            control("2.2", "Engine", HostOutcome::Undetermined, "nobody looked", &[]),
            control("2.3", "Engine", HostOutcome::Pass, "it is on", &[]),
            control("2.4", "Engine", HostOutcome::Fail, "1 of 1 container", &["<b>\u{1b}[31m|x\u{202e}"]),
            control("2.5", "Engine", HostOutcome::Fail, "12 of 12 containers", &many),
            control("7.1", "Swarm", HostOutcome::NotApplicable, "there is no swarm", &[]),
            control("7.2", "Swarm", HostOutcome::Manual, "your records tell", &[]),
        ],
        skipped: 3,
        warnings: vec!["the audit's rules could not be read: permission denied".to_owned()],
        decision: Some(Decision {
            outcome: Outcome::Deny,
            policy: "fail-on misconfig:high".to_owned(),
            reasons: vec![Reason {
                rule: "fail-on misconfig:high".to_owned(),
                message: "2.4 What control 2.4 asks for".to_owned(),
                subject: "2.4".to_owned(),
                outcome: Outcome::Deny,
                link: None,
            }],
            inputs: None,
        }),
    }
}

fn render(format: &Format, width: usize) -> String {
    let options = RenderOptions { width, color: false, index: None };
    String::from_utf8(report::host::render(format, &report(), &options).unwrap()).unwrap()
}

#[test]
fn formats() {
    for (name, format) in
        [("table", Format::Table), ("json", Format::Json), ("junit", Format::Junit), ("markdown", Format::Markdown)]
    {
        let text = render(&format, 60);
        assert!(!text.contains(['\u{1b}', '\u{202e}']) || name == "json", "{text}");
        insta::assert_snapshot!(format!("host_{name}"), text);
    }
    assert!(render(&Format::Table, 60).lines().all(|line| line.chars().count() <= 60));
    let none = report::host::render(&Format::Sarif, &report(), &RenderOptions { width: 60, color: false, index: None });
    assert!(none.unwrap_err().to_string().contains("no sarif form"));
}
