//! Cases of a policy.

use policy::CaseFile;

use crate::sample::{clean, decision, rule};

fn file(case: &str) -> String {
    format!("policy: p.yaml\ncases:\n  - name: a\n    report: r.json\n    at: push\n    {case}\n")
}

#[test]
fn cases_check_outcome_and_rules() {
    let decision = decision(&rule("no-secrets: true"), &clean());
    for (case, words) in [
        ("expect: deny", None),
        ("expect: deny\n    rules: [it]", None),
        ("expect: allow", Some("expected allow, the answer is deny (rules that speak: it)")),
        ("expect: deny\n    rules: []", Some("expected these rules to speak: none; those that do: it")),
    ] {
        let file = CaseFile::read(file(case).as_bytes()).unwrap();
        assert_eq!(file.cases[0].check(&decision).err().as_deref(), words);
    }
}

#[test]
fn mistakes_have_a_place() {
    for (text, place) in [(file("expect: refuse"), (6, 13)), (file("expect: deny\n    frob: 1"), (7, 5)), (file("at: x"), (6, 5))]
    {
        let error = CaseFile::read(text.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), place, "{error}");
    }
}
