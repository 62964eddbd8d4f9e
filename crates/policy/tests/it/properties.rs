//! What holds of every policy and report.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::sample::{decision, finding, with};

const RULES: &[&str] = &[
    "name: a, max-severity: high",
    "name: b, max-severity: low, outcome: warn",
    "name: c, max-risk: 30",
    "name: d, fix-within-days: {from-fix: 3}, outcome: warn",
    "name: e, when: 'findings.exists(f, f.owner == \"base\")', outcome: allow",
    "name: f, when: 'findings.exists(f, f.risk > 40.0)', outcome: deny",
    "name: g, deny-exploited: true",
    "name: h, when: 'image.labels.nobody == \"x\"', outcome: warn",
];

fn policy(rules: &[&str]) -> String {
    format!("rules:\n{}", rules.iter().map(|rule| format!("  - {{{rule}}}\n")).collect::<String>())
}

fn findings() -> impl Strategy<Value = Vec<Value>> {
    let one =
        (prop::sample::select(&["low", "medium", "high", "critical", "unknown"][..]), prop::option::of(0_u8..100), any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(number, (severity, risk, suppressed))| {
                let mut one = finding(&format!("CVE-2026-{number}"), severity);
                one["risk"] = risk.map_or(Value::Null, |risk| Value::from(f64::from(risk)));
                one["suppressed"] = if suppressed { "because".into() } else { Value::Null };
                one
            })
            .collect()
    })
}

fn shuffled<T: Clone>(all: &[T], order: &[Index]) -> Vec<T> {
    let mut left = all.to_vec();
    let mut out: Vec<T> =
        order.iter().map_while(|index| (!left.is_empty()).then(|| left.remove(index.index(left.len())))).collect();
    out.append(&mut left);
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_means_nothing(all in findings(), order in prop::collection::vec(any::<Index>(), 40), rules in prop::sample::subsequence(RULES, 1..8)) {
        let first = decision(&policy(&rules), &with(&all));
        let mut second = decision(&policy(&shuffled(&rules, &order)), &with(&shuffled(&all, &order)));
        // Another file, by its bytes.
        second.inputs.clone_from(&first.inputs);
        prop_assert_eq!(first, second);
    }

    #[test]
    fn another_rule_never_widens(all in findings(), rules in prop::sample::subsequence(RULES, 2..8)) {
        let report = with(&all);
        let fewer = decision(&policy(&rules[1..]), &report);
        prop_assert!(decision(&policy(&rules), &report).outcome >= fewer.outcome);
    }

    #[test]
    fn a_suppressed_finding_never_narrows(all in findings(), which in any::<Index>()) {
        // Of the short forms: CEL may ask for whatever it likes.
        let rules = policy(&[RULES[0], RULES[1], RULES[2], RULES[3]]);
        let before = decision(&rules, &with(&all)).outcome;
        let mut fewer = all;
        if !fewer.is_empty() {
            let which = which.index(fewer.len());
            fewer[which]["suppressed"] = "because".into();
        }
        prop_assert!(decision(&rules, &with(&fewer)).outcome <= before);
    }
}
