//! Conditions in CEL: what they answer, and that the crate's own interpreter answers the same.

use crate::sample::{clean, decision, finding, said, when, with};

/// The report's variables for the interpreter of the crate `cel`, as far as it has their types.
fn reference(expression: &str, report: &serde_json::Value) -> Option<bool> {
    let program = cel::Program::compile(expression).unwrap();
    let mut context = cel::Context::default();
    for name in ["image", "findings", "database", "summary", "coverage", "packages"] {
        context.add_variable(name, &report[name]).unwrap();
    }
    context.add_variable("gate", "build").unwrap();
    match program.execute(&context) {
        Ok(cel::Value::Bool(answer)) => Some(answer),
        Ok(other) => panic!("{expression}: {other:?}"),
        Err(_) => None,
    }
}

#[test]
fn answers_are_those_of_the_specification() {
    let mut unranked = finding("CVE-2026-2", "low");
    unranked["risk"] = serde_json::json!(null);
    unranked["exploited"] = serde_json::json!(null);
    let report = with(&[finding("CVE-2026-1", "high"), unranked]);
    for (cel, expected) in [
        ("1 + 2 * 3 == 7 && 7 % 4 == 3 && -7 / 2 == -3", Some(true)),
        ("1.5 * 2.0 == 3 && 1 < 1.5 && 2 >= 2.0", Some(true)),
        ("gate == 'build' ? size(findings) == 2 : false", Some(true)),
        ("gate in ['push', 'build']", Some(true)),
        ("findings.exists(f, f.severity == 'high')", Some(true)),
        ("findings.all(f, f.severity == 'high')", Some(false)),
        ("findings.exists_one(f, f.severity == 'high')", Some(true)),
        ("size(findings.filter(f, f.severity in ['low', 'high'])) == 2", Some(true)),
        ("findings.map(f, f.id).exists(i, i == 'CVE-2026-2')", Some(true)),
        ("'CVE-2026-2' in findings.map(f, f.id)", Some(true)),
        ("findings.filter(f, f.owner == 'base').all(f, f.package.startsWith('open'))", Some(true)),
        ("findings.exists(f, f.cwes.exists(c, c == 'CWE-79'))", Some(true)),
        ("image.labels.team == 'shop' && image.labels['team'] == 'shop'", Some(true)),
        ("'team' in image.labels && !('x' in image.labels)", Some(true)),
        ("has(image.labels.team) && !has(image.labels.other)", Some(true)),
        ("image.reference.contains('/shop/') && image.reference.endsWith(':1')", Some(true)),
        ("size(image.reference) == 31", Some(true)),
        // An error lets the other side decide.
        ("findings.exists(f, f.risk > 40.0)", Some(true)),
        ("findings.exists(f, f.risk > 60.0)", None),
        ("findings.exists(f, f.exploited.kev != null)", None),
        ("image.labels.other == 'x' || gate == 'build'", Some(true)),
        ("image.labels.other == 'x' && gate == 'push'", Some(false)),
        ("image.labels.other == 'x'", None),
        ("1 / 0 == 1", None),
        ("9223372036854775807 + size(findings) > 0", None),
    ] {
        let decision = decision(&when(cel), &report);
        let (_, reasons) = said(&decision);
        let found = match reasons.as_slice() {
            [] => Some(false),
            reasons if reasons.iter().any(|reason| reason.contains("no answer")) => None,
            _ => Some(true),
        };
        assert_eq!(found, expected, "{cel}: {reasons:?}");
        assert_eq!(reference(cel, &report), expected, "the crate `cel` on {cel}");
    }
}

#[test]
fn times_and_images() {
    for cel in [
        "now - scanned <= duration('2h') && now - scanned > duration('1h59m')",
        "scanned == timestamp('2026-03-02T10:00:00Z')",
        "now - duration('48h') < image.created",
        "os.eol > now && has(os.eol)",
        "image.reference.imageMatches('registry.example.com/shop/*')",
        "image.base.name.imageMatches(['alpine', 'debian:12*'])",
        "image.reference.matches('^registry[.]example')",
        "judged_percent == 100",
    ] {
        let (outcome, reasons) = said(&decision(&when(cel), &clean()));
        assert_eq!(outcome, "deny", "{cel}");
        assert!(reasons[0].contains("holds"), "{cel}: {reasons:?}");
    }
}

/// Who reads the decision wants to know which findings.
#[test]
fn reasons_name_what_made_the_condition_true() {
    let report = with(&[finding("CVE-2026-1", "high"), finding("CVE-2026-2", "low"), finding("CVE-2026-3", "high")]);
    for (cel, expected) in [
        ("findings.exists(f, f.severity == 'high')", &["CVE-2026-1", "CVE-2026-3"][..]),
        ("!findings.all(f, f.severity == 'high')", &["CVE-2026-2"]),
        ("size(findings.filter(f, f.severity == 'high')) > 1", &["CVE-2026-1", "CVE-2026-3"]),
        (
            "gate == 'push' && findings.exists(f, f.severity == 'low') || findings.exists(f, f.id == 'CVE-2026-3')",
            &["CVE-2026-3"],
        ),
    ] {
        let decision = decision(&when(cel), &report);
        let ids: Vec<&str> = ["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"]
            .into_iter()
            .filter(|id| decision.reasons.iter().any(|reason| reason.subject.ends_with(id)))
            .collect();
        assert_eq!(ids, expected, "{cel}");
    }
    let many: Vec<_> = (0..50).map(|number| finding(&format!("CVE-2026-{number}"), "high")).collect();
    let decision = decision(&when("findings.exists(f, f.severity == 'high')"), &with(&many));
    assert_eq!(decision.reasons.len(), 21);
    assert!(decision.reasons[20].message.ends_with("and 30 more"), "{:?}", decision.reasons[20]);
}
