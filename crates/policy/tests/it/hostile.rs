//! Policies and expressions that were made to hurt: an error, never a hang, a panic or a wider allow.

use policy::Policy;
use proptest::prelude::*;

use crate::sample::{decision, error, finding, rule, said, when, with};

#[test]
fn size_is_bounded() {
    assert!(error(&"#".repeat(policy::MAX_SIZE + 1)).message.contains("larger"));
    let many: String = (0..1001).map(|number| format!("  - {{name: r{number}, no-root: true}}\n")).collect();
    assert!(error(&format!("rules:\n{many}")).message.contains("more than 1000 rules"));
    assert!(error(&when(&format!("gate == \"{}\"", "x".repeat(5000)))).message.contains("longer than 4096"));
    assert!(error(&rule(&format!("no-root: true\n    message: \"{}\"", "x".repeat(1001)))).message.contains("longer than 1000"));
    for expression in [
        format!("{}true{}", "(".repeat(1000), ")".repeat(1000)),
        format!("{}true", "!".repeat(3000)),
        format!("{}1 == 1", "-".repeat(3000)),
        format!("{}1{} == 1", "[".repeat(500), "]".repeat(500)),
        format!("1{} == 1", " + 1".repeat(900)),
        format!("true{}", " && true".repeat(500)),
        format!("true{}", " ? true : true".repeat(250)),
        format!("image{}", ".a".repeat(2000)),
        "findings.exists(a, findings.exists(b, findings.exists(c, findings.exists(d, findings.exists(e, true)))))".to_owned(),
    ] {
        // Refused or read; what is read decides.
        if let Ok(policy) = Policy::read(when(&expression).as_bytes()) {
            assert_eq!(policy.len(), 1);
        }
    }
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nrules: [*c]\n";
    assert!(Policy::read(bomb.as_bytes()).is_err());
}

#[test]
fn work_is_bounded() {
    let many: Vec<_> = (0..400).map(|number| finding(&format!("CVE-2026-{number}"), "high")).collect();
    // Not even where another side could decide.
    let policy = when(
        "findings.exists(a, findings.exists(b, findings.exists(c, findings.exists(d, a.id == 'x')))) && false || gate == 'push'",
    );
    let (outcome, reasons) = said(&decision(&policy, &with(&many)));
    assert_eq!(outcome, "deny");
    assert!(reasons[0].contains("too many steps"), "{reasons:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_expression_is_read_or_refused(expression in "[a-z().\\[\\]{}'\"!&|?:=<>+*/% 0-9,_\\\\-]{0,60}") {
        let _ = Policy::read(rule(&format!("when: {}\n    outcome: deny", serde_json::to_string(&expression).unwrap())).as_bytes());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Policy::read(text.as_bytes());
        let _ = Policy::read(when(&text).as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Policy::read(&bytes);
        let _ = policy::Facts::read(&bytes);
        let _ = policy::CaseFile::read(&bytes);
    }
}
