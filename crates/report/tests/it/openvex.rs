//! OpenVEX documents keep the rules of the specification
//! (<https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>, "required fields" and "status labels").

use model::report::Report;
use report::{Format, RenderOptions, render};
use serde_json::Value;

use crate::sample;

const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

fn document(reports: &[Report]) -> Value {
    let bytes = render(&Format::OpenVex, reports, &RenderOptions::default()).unwrap();
    assert_eq!(bytes, render(&Format::OpenVex, reports, &RenderOptions::default()).unwrap());
    serde_json::from_slice(&bytes).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn keeps_the_rules(document: &Value) {
    assert_eq!(document["@context"], "https://openvex.dev/ns/v0.2.0");
    for field in ["@id", "author"] {
        assert!(!text(document, field).is_empty(), "{field}");
    }
    assert!(text(document, "timestamp").parse::<jiff::Timestamp>().is_ok());
    assert!(document["version"].as_u64().is_some_and(|version| version >= 1));
    for statement in document["statements"].as_array().unwrap() {
        assert!(!text(&statement["vulnerability"], "name").is_empty(), "{statement}");
        for product in statement["products"].as_array().unwrap() {
            assert!(!text(product, "@id").is_empty());
            assert!(product["subcomponents"].as_array().unwrap().iter().all(|one| text(one, "@id").starts_with("pkg:")));
        }
        let justification = text(statement, "justification");
        match text(statement, "status") {
            "not_affected" => assert!(
                // Exactly one of both, by `openvex_json_schema.json` of the specification.
                JUSTIFICATIONS.contains(&justification) == text(statement, "impact_statement").is_empty()
                    && (justification.is_empty() || JUSTIFICATIONS.contains(&justification))
            ),
            "affected" => assert!(!text(statement, "action_statement").is_empty() && justification.is_empty()),
            "fixed" | "under_investigation" => assert!(justification.is_empty()),
            other => panic!("{other} is no status"),
        }
    }
}

#[test]
fn every_statement_keeps_the_rules() {
    for report in [sample::full(), sample::empty(), sample::hostile(), sample::undetermined()] {
        keeps_the_rules(&document(&[report]));
    }
    keeps_the_rules(&document(&[sample::full(), sample::hostile()]));
}

#[test]
fn snapshot() {
    let bytes = render(&Format::OpenVex, &[sample::full()], &RenderOptions::default()).unwrap();
    insta::assert_snapshot!("openvex_full", String::from_utf8(bytes).unwrap());
}
