//! What is missing denies, whatever the rules say.

use policy::Facts;
use serde_json::{Value, json};

use crate::sample::{changed, clean, decision, rule, said};

/// A policy that has nothing against anything.
fn lenient() -> String {
    rule("when: 'true'\n    outcome: allow")
}

fn denies(report: &Value, words: &str) {
    let decision = decision(&lenient(), report);
    let (outcome, reasons) = said(&decision);
    assert_eq!(outcome, "deny", "{words}");
    assert!(reasons.iter().any(|reason| reason.starts_with("evidence: ") && reason.contains(words)), "{words}: {reasons:?}");
}

#[test]
fn nothing_is_missing() {
    assert_eq!(said(&decision(&lenient(), &clean())).0, "allow");
}

#[test]
fn whatever_is_missing_denies() {
    let coverage = |changes: Value| {
        let mut row = clean()["coverage"][0].clone();
        row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        changed(clean(), "/coverage", json!([row]))
    };
    for (report, words) in [
        (changed(clean(), "/findings", json!(null)), "inventory alone"),
        (changed(clean(), "/summary/hidden_by_filters", json!(3)), "filters hide"),
        (changed(clean(), "/summary/hidden_by_filters", json!(-3)), "filters hide"),
        (changed(clean(), "/created", json!("2026-03-02T14:00:00Z")), "of the future"),
        (changed(clean(), "/created", json!("2026-02-02T14:00:00Z")), "older than"),
        (changed(clean(), "/unread", json!(["layer 3 is encrypted"])), "layer 3 is encrypted"),
        (changed(clean(), "/unread", json!(null)), "does not say whether"),
        (changed(clean(), "/database/kind", json!("none")), "no advisory database"),
        (changed(clean(), "/database/kind", json!("embedded")), "only known-exploited"),
        (changed(clean(), "/database/kind", json!("frob")), "no advisory database"),
        (changed(clean(), "/database/feeds/1/as_of", json!("2026-01-01")), "kev is of 2026-01-01"),
        (changed(clean(), "/coverage", json!([])), "what was judged"),
        (coverage(json!({"as_of": "2026-02-01"})), "more than 7 days old"),
        (coverage(json!({"as_of": "some day"})), "which date"),
        (coverage(json!({"undetermined": 3, "reasons": ["no more fixes"]})), "3 deb packages could not be judged: no more fixes"),
        (coverage(json!({"level": "none", "judged": 0, "unjudged": 1, "reasons": ["no feed for debian:99"]})), "debian:99"),
        (coverage(json!({"level": "partial"})), "only part"),
        (coverage(json!({"level": "frob"})), "no deb package was judged"),
    ] {
        denies(&report, words);
    }
}

/// A rule may say how much must be judged; it cannot make old advisories new.
#[test]
fn a_rule_speaks_for_the_coverage_alone() {
    let policy = rule("min-coverage: 50");
    let mut row = clean()["coverage"][0].clone();
    row["undetermined"] = json!(3);
    let report = changed(clean(), "/coverage", json!([row]));
    assert_eq!(said(&decision(&policy, &report)).0, "allow");
    let unread = changed(report.clone(), "/unread", json!(["layer 3 is encrypted"]));
    assert_eq!(said(&decision(&policy, &unread)).0, "deny");
    let stale = changed(report.clone(), "/coverage/0/as_of", json!("2026-01-01"));
    assert_eq!(said(&decision(&policy, &stale)).0, "deny");
    // Of another gate, or of an environment that nobody named.
    for scope in ["{gate: push}", "{environment: test}"] {
        let policy = rule(&format!("scope: {scope}\n    min-coverage: 50"));
        assert_eq!(said(&decision(&policy, &report)).0, "deny", "{scope}");
    }
}

#[test]
fn what_is_no_report_is_told() {
    for (json, words) in [
        (&b""[..], "no report"),
        (b"{}", "no report"),
        (b"[1]", "no report"),
        (br#"{"schema": "plimsoll.report/v1"}"#, "missing field"),
    ] {
        assert!(Facts::read(json).unwrap_err().to_string().contains(words));
    }
    let other = changed(clean(), "/schema", json!("plimsoll.report/v2"));
    assert!(Facts::from_value(&other).unwrap_err().to_string().contains("plimsoll.report/v2"));
    for path in ["/coverage", "/database", "/summary", "/packages"] {
        assert!(Facts::from_value(&changed(clean(), path, json!(null))).is_err(), "{path}");
    }
}
