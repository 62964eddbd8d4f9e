//! A report to decide upon, and the shortest way to a decision.

use std::time::Duration;

use model::report::Decision;
use policy::{Facts, Policy, PolicyError, Question, decide};
use serde_json::{Value, json};

/// When decisions are made here.
pub(crate) const NOW: &str = "2026-03-02T12:00:00Z";

/// A report that lacks nothing and holds no finding.
pub(crate) fn clean() -> Value {
    json!({
        "schema": "plimsoll.report/v1", "tool": {"name": "plimsoll", "version": "1"}, "created": "2026-03-02T10:00:00Z",
        "image": {"reference": "registry.example.com/shop/web:1", "source": "registry", "digest": format!("sha256:{}", "1".repeat(64)),
            "config_digest": null, "platform": "linux/amd64", "created": "2026-03-01T00:00:00Z", "user": "web",
            "labels": {"team": "shop"}, "layers": [], "base": {"name": "docker.io/library/debian:12-slim", "digest": null, "how": "label"}},
        "os": {"id": "debian", "version": "12", "name": "Debian GNU/Linux 12", "eol": "2028-06-30"},
        "database": {"built": "2026-03-01T00:00:00Z", "sha256": "2".repeat(64), "kind": "full",
            "feeds": [{"name": "debian", "as_of": "2026-03-01"}, {"name": "kev", "as_of": "2026-03-01"}, {"name": "malicious-packages", "as_of": "2026-03-01"}]},
        "coverage": [{"type": "deb", "release": "debian:12", "feed": "debian", "as_of": "2026-03-01", "level": "full",
            "judged": 100, "unjudged": 0, "undetermined": 0, "reasons": []}],
        "packages": [{"purl": "pkg:deb/debian/openssl@3.0.11", "name": "openssl", "version": "3.0.11", "type": "deb", "source": null,
            "licenses": ["Apache-2.0"], "locations": [], "origin": "base"}],
        "findings": [], "misconfigurations": null, "secrets": null, "licenses": null,
        "summary": {"hidden_by_filters": 0, "suppressed": 0, "funnel": {"packages": 1, "findings": 0, "fixable": 0,
            "critical_or_high": 0, "likely_exploited": 0, "exploited": 0, "in_use": null}},
        "decision": null, "warnings": [], "unread": []
    })
}

/// A finding that breaks no rule but those about severity.
pub(crate) fn finding(id: &str, severity: &str) -> Value {
    json!({"id": id, "aliases": [], "kind": "vulnerability", "title": "", "url": null, "published": "2026-02-20T00:00:00Z",
        "purl": format!("pkg:deb/debian/openssl@3.0.11?id={id}"), "package": "openssl", "type": "deb", "version": "3.0.11", "status": "fixed",
        "fixed_in": ["3.0.12"], "fix_available_since": "2026-02-25T00:00:00Z", "severity": severity, "severity_source": "debian",
        "cvss": [], "cwes": ["CWE-79"], "exploited": {"kev": null, "exploit_code": null}, "epss": {"score": 0.5, "percentile": 0.9, "date": "2026-03-01"},
        "in_use": null, "risk": 50.0, "why": [], "owner": "base", "suppressed": null, "evidence": [], "sources": ["debian"]})
}

/// A report with findings.
pub(crate) fn with(findings: &[Value]) -> Value {
    let mut report = clean();
    report["findings"] = json!(findings);
    report
}

/// A report with a field replaced, by its path.
pub(crate) fn changed(mut report: Value, path: &str, value: Value) -> Value {
    *report.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    report
}

/// The question at a gate, now.
pub(crate) fn at(gate: &str) -> Question<'_> {
    Question {
        gate,
        environment: None,
        now: NOW.parse().unwrap(),
        max_database_age: Duration::from_secs(7 * 86_400),
        scanned: None,
    }
}

/// Decides at the gate `build`.
pub(crate) fn decision(policy: &str, report: &Value) -> Decision {
    decision_at(policy, report, &at("build"))
}

/// Decides.
pub(crate) fn decision_at(policy: &str, report: &Value, question: &Question<'_>) -> Decision {
    let policy = Policy::read(policy.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{policy}"));
    let mut facts = Facts::from_value(report).unwrap();
    decide(&policy, "policy.yaml", &mut facts, question)
}

/// The outcome in a word, and the reasons.
pub(crate) fn said(decision: &Decision) -> (&'static str, Vec<String>) {
    let reasons = decision.reasons.iter().map(|reason| format!("{}: {}", reason.rule, reason.message)).collect();
    (decision.outcome.name(), reasons)
}

/// A policy of one rule.
pub(crate) fn rule(body: &str) -> String {
    format!("rules:\n  - name: it\n    {body}\n")
}

/// A policy of one CEL condition that denies.
pub(crate) fn when(cel: &str) -> String {
    rule(&format!("when: |-\n      {cel}\n    outcome: deny"))
}

/// What is wrong with a policy.
pub(crate) fn error(policy: &str) -> PolicyError {
    Policy::read(policy.as_bytes()).err().unwrap_or_else(|| panic!("this is read:\n{policy}"))
}
