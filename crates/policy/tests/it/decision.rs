//! Several rules, one decision.

use model::report::Outcome;
use policy::{GATES, Policy, Question, explain, explain_report};

use crate::sample::{at, clean, decision, decision_at, finding, said, with};

const POLICY: &str = r#"
schema: plimsoll.policy/v1
rules:
  - name: criticals
    max-severity: high
    message: Fix what is critical before it leaves the house
    link: https://wiki.example.com/vulnerabilities
  - name: highs
    max-severity: medium
    outcome: warn
  - name: production
    scope: {environment: production, gate: [admit, run], image: "registry.example.com/**"}
    max-risk: 40
  - name: known
    when: image.labels.team == "shop"
    outcome: allow
    message: The shop looks after this image
"#;

#[test]
fn the_worst_outcome_decides() {
    let (outcome, reasons) = said(&decision(POLICY, &clean()));
    assert_eq!((outcome, reasons), ("allow", vec!["known: The shop looks after this image".to_owned()]));
    let (outcome, reasons) = said(&decision(POLICY, &with(&[finding("CVE-2026-1", "high")])));
    assert_eq!(outcome, "warn");
    assert_eq!(reasons[0], "highs: worse than this policy lets pass: CVE-2026-1 in openssl 3.0.11");
    let denied = decision(POLICY, &with(&[finding("CVE-2026-1", "critical")]));
    assert_eq!(denied.outcome, Outcome::Deny);
    let outcomes: Vec<_> = denied.reasons.iter().map(|reason| (reason.rule.as_str(), reason.outcome.name())).collect();
    assert_eq!(outcomes, [("criticals", "deny"), ("highs", "warn"), ("known", "allow")]);
    assert_eq!(denied.reasons[0].message, "Fix what is critical before it leaves the house: CVE-2026-1 in openssl 3.0.11");
    assert_eq!(denied.reasons[0].link.as_deref(), Some("https://wiki.example.com/vulnerabilities"));
}

#[test]
fn a_decision_says_what_it_rests_on() {
    let inputs = decision(POLICY, &clean()).inputs.unwrap();
    assert_eq!(inputs.policy, Some(Policy::read(POLICY.as_bytes()).unwrap().digest));
    assert_eq!(inputs.database.unwrap().hex(), "2".repeat(64));
    assert_eq!(inputs.image.unwrap().hex(), "1".repeat(64));
    assert_eq!((inputs.gate.as_str(), inputs.environment), ("build", None));
    let other = Policy::read(format!("{POLICY} ").as_bytes()).unwrap();
    assert_ne!(inputs.policy, Some(other.digest));
}

#[test]
fn rules_speak_within_their_scope() {
    let report = with(&[finding("CVE-2026-1", "low")]);
    let speaks = |question: &Question<'_>| said(&decision_at(POLICY, &report, question)).0 == "deny";
    for gate in GATES {
        let there = matches!(*gate, "admit" | "run");
        assert_eq!(speaks(&Question { environment: Some("production"), ..at(gate) }), there, "{gate}");
        assert!(!speaks(&Question { environment: Some("test"), ..at(gate) }), "{gate}");
        // Where nobody said in which environment, it could be this one.
        assert_eq!(speaks(&at(gate)), there, "{gate}");
    }
    let elsewhere = crate::sample::changed(report.clone(), "/image/reference", serde_json::json!("alpine:3"));
    assert_eq!(said(&decision_at(POLICY, &elsewhere, &at("run"))).0, "allow");
}

#[test]
fn the_environment_must_be_said_where_a_condition_asks() {
    let policy = crate::sample::when("environment == 'production'");
    let (outcome, reasons) = said(&decision(&policy, &clean()));
    assert_eq!(outcome, "deny");
    assert!(reasons[0].contains("--environment"), "{reasons:?}");
    let asked = |name| said(&decision_at(&policy, &clean(), &Question { environment: Some(name), ..at("run") })).0;
    assert_eq!((asked("production"), asked("test")), ("deny", "allow"));
}

#[test]
fn an_error_denies_whatever_the_rule_would_have_said() {
    for outcome in ["deny", "warn", "allow"] {
        let policy = crate::sample::rule(&format!("when: image.labels.owner == 'me'\n    outcome: {outcome}"));
        let (found, reasons) = said(&decision(&policy, &clean()));
        assert_eq!(found, "deny");
        assert!(reasons[0].contains("no answer: there is no label `owner`"), "{reasons:?}");
    }
}

#[test]
fn explanations_show_the_rules_and_who_decided() {
    let policy = Policy::read(POLICY.as_bytes()).unwrap();
    let text = explain(&policy);
    assert!(
        text.contains("production (deny, max-risk), line 11\n  where: at admit, run in production for registry.example.com/**\n"),
        "{text}"
    );
    assert!(text.contains("  when: findings.exists(f, f.suppressed == null && (f.risk == null || f.risk > 40.0))\n"), "{text}");
    let mut facts = policy::Facts::from_value(&with(&[finding("CVE-2026-1", "high")])).unwrap();
    let text = explain_report(&policy, &mut facts, &at("build"));
    for line in ["→ silent", "→ warn: worse than", "→ not asked", "→ allow: The shop", "Decision: warn, by highs"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_context_is_documented() {
    let text = policy::context();
    for line in ["| `findings` | list of finding |", "| `risk` | double or null | 0 to 100 |", "## `kev`", "| `gate` | string |"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
