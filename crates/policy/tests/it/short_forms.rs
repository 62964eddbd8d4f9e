//! Each short form: what it lets pass, what it speaks of, and the CEL it stands for.

use policy::{Policy, explain};
use serde_json::{Value, json};

use crate::sample::{changed, clean, decision, finding, rule, said, when, with};

fn fails(form: &str, report: &Value, words: &str) {
    let decision = decision(&rule(form), report);
    let (outcome, reasons) = said(&decision);
    assert_eq!(outcome, "deny", "{form}: {reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains(words)), "{form}: {reasons:?}");
    // Nothing else is missing from these reports.
    assert!(decision.reasons.iter().all(|reason| reason.rule == "it"), "{form}: {reasons:?}");
}

fn passes(form: &str, report: &Value) {
    assert_eq!(said(&decision(&rule(form), report)), ("allow", vec![]), "{form}");
}

fn one(changes: &[(&str, Value)]) -> Value {
    let mut one = finding("CVE-2026-1", "low");
    for (key, value) in changes {
        one[*key] = value.clone();
    }
    with(&[one])
}

#[test]
fn severity() {
    let of = |severity: &str| with(&[finding("CVE-2026-1", severity)]);
    passes("max-severity: high", &of("high"));
    fails("max-severity: high", &of("critical"), "CVE-2026-1 in openssl 3.0.11");
    fails("max-severity: none", &of("negligible"), "CVE-2026-1");
    // What nobody rated may be worse.
    fails("max-severity: high", &of("unknown"), "CVE-2026-1");
    passes("max-severity: {level: high, unrated: allow}", &of("unknown"));
    fails("max-severity: high", &one(&[("kind", json!("malicious"))]), "CVE-2026-1");
    passes("max-severity: low", &one(&[("severity", json!("critical")), ("suppressed", json!("not used"))]));
}

#[test]
fn exploitation_and_risk() {
    let kev = json!({"kev": {"date_added": "2026-01-01", "ransomware": false}, "exploit_code": null});
    passes("deny-exploited: true", &with(&[finding("CVE-2026-1", "critical")]));
    fails("deny-exploited: true", &one(&[("exploited", kev)]), "known to be exploited: CVE-2026-1");
    let without = changed(clean(), "/database/feeds", json!([{"name": "debian", "as_of": "2026-03-01"}]));
    fails("deny-exploited: true", &without, "not looked at");
    passes("max-risk: 50", &one(&[("risk", json!(50.0))]));
    fails("max-risk: 49.5", &one(&[("risk", json!(50.0))]), "CVE-2026-1");
    fails("max-risk: 50", &one(&[("risk", json!(null))]), "CVE-2026-1");
    fails("no-malicious: true", &one(&[("kind", json!("malicious"))]), "malicious");
    passes("no-malicious: true", &one(&[]));
    fails("no-malicious: true", &without, "not looked at");
}

#[test]
fn time_to_fix() {
    passes("fix-within-days: {from-fix: 7, from-disclosure: 14}", &one(&[]));
    fails("fix-within-days: {from-fix: 4}", &one(&[]), "a fix has been there for too long: CVE-2026-1");
    fails("fix-within-days: {from-disclosure: 9}", &one(&[]), "disclosed too long ago");
    passes("fix-within-days: {from-disclosure: 9, severity: medium}", &one(&[]));
    passes("fix-within-days: {from-disclosure: 9}", &one(&[("status", json!("affected"))]));
    // Without the date of the fix that of the disclosure counts; without both it is overdue.
    passes("fix-within-days: {from-fix: 14}", &one(&[("fix_available_since", json!(null))]));
    fails("fix-within-days: {from-fix: 9}", &one(&[("fix_available_since", json!(null))]), "CVE-2026-1");
    fails("fix-within-days: {from-fix: 900}", &one(&[("fix_available_since", json!(null)), ("published", json!(null))]), "CVE");
}

#[test]
fn origin() {
    passes("base-image-allowed: [\"debian:12*\", \"registry.example.com/base/**\"]", &clean());
    fails("base-image-allowed: alpine", &clean(), "not allowed as a base");
    fails("base-image-allowed: debian", &changed(clean(), "/image/base", json!(null)), "not looked at");
    passes("no-root: true", &clean());
    for user in [json!(null), json!(""), json!("root"), json!("0"), json!("0:0"), json!("root:wheel"), json!("000")] {
        fails("no-root: true", &changed(clean(), "/image/user", user), "runs as root");
    }
    passes("not-end-of-life: true", &clean());
    fails("not-end-of-life: true", &changed(clean(), "/os/eol", json!("2026-03-01")), "no more fixes");
    passes("not-end-of-life: true", &changed(clean(), "/os/eol", json!("2026-03-02")));
    fails("not-end-of-life: true", &one(&[("kind", json!("end_of_life"))]), "no more fixes");
}

#[test]
fn what_nobody_looked_at_is_not_clean() {
    for form in [
        "no-secrets: true",
        "license-deny: GPL-3.0-only",
        "licenses: {deny: GPL}",
        "require-signature: true",
        "require-attestation: true",
    ] {
        fails(form, &clean(), "not looked at");
    }
    // Nobody verifies them yet, so what a report claims counts for nothing.
    let mut claimed = clean();
    claimed["signatures"] = json!([{"type": "sigstore", "identity": "me"}]);
    claimed["attestations"] = json!([{"type": "slsa"}]);
    fails("require-signature: true", &claimed, "not looked at");
    fails("require-attestation: true", &claimed, "not looked at");
    passes("no-secrets: true", &changed(clean(), "/secrets", json!([])));
    fails(
        "no-secrets: true",
        &changed(clean(), "/secrets", json!([{"rule": "aws", "severity": "high"}])),
        "secrets are in the image",
    );
    let licensed = |expression: &str| {
        changed(clean(), "/licenses", json!([{"expression": expression, "packages": [], "verdict": "unknown"}]))
    };
    fails("license-deny: [GPL-3.0-only]", &licensed("MIT AND (GPL-3.0-only OR X)"), "GPL-3.0-only");
    passes("license-deny: [GPL-3.0]", &licensed("LGPL-3.0"));
    passes("license-deny: [GPL-3.0]", &licensed("GPL-3x0"));
}

#[test]
fn lists_of_licences() {
    let licensed = |licenses: Value| changed(changed(clean(), "/licenses", json!([])), "/packages/0/licenses", licenses);
    let gpl = licensed(json!(["GPL-3.0-or-later"]));
    fails("licenses: {deny: [GPL]}", &gpl, "a licence that is denied: GPL-3.0-or-later in");
    fails("licenses: {allow: [MIT]}", &gpl, "no list speaks of: GPL-3.0-or-later in");
    passes("licenses: {allow: [GPL-3.0-only]}", &gpl);
    passes("licenses: {allow: [MIT], unknown: allow}", &gpl);
    passes("licenses: {deny: [GPL], except: ['pkg:deb/*']}", &gpl);
    passes("licenses: {deny: [GPL]}", &licensed(json!(["MIT OR GPL-3.0-only"])));
    fails("licenses: {deny: [GPL]}", &licensed(json!(["MIT", "GPL-3.0-only"])), "MIT AND GPL-3.0-only in");
    fails("licenses: {deny: [GPL]}", &licensed(json!([])), "NOASSERTION in");
    fails("licenses: {deny: [GPL]}", &licensed(json!(["words of my own"])), "LicenseRef-words-of-my-own in");
    let warned = decision(&rule("licenses: {allow: [MIT], unknown: warn}"), &gpl);
    assert_eq!(warned.outcome.name(), "warn");
    let warned = decision(&rule("licenses: {deny: [GPL]}\n    outcome: warn"), &gpl);
    assert_eq!(warned.outcome.name(), "warn");
}

#[test]
fn freshness_and_coverage() {
    passes("max-age-of-scan: 1", &clean());
    fails("max-age-of-scan: 1", &changed(clean(), "/created", json!("2026-03-01T10:00:00Z")), "more than 1 days ago");
    let row = |level: &str, judged: u32, rest: u32| {
        let row = json!([{"type": "npm", "release": null, "feed": null, "as_of": null, "level": level, "judged": judged,
            "unjudged": 0, "undetermined": rest, "reasons": ["it is odd"]}]);
        changed(clean(), "/coverage", row)
    };
    // Such a rule stands in the place of the general one.
    passes("min-coverage: 90", &row("full", 90, 10));
    fails("min-coverage: 91", &row("full", 90, 10), "less than 91 %");
    passes("min-coverage: 90", &row("partial", 90, 10));
    fails("min-coverage: {judged: 90, level: fixed-only}", &row("partial", 90, 10), "do not say enough");
}

#[test]
fn caps_on_exceptions() {
    let good = json!({"kind": "exception", "source": ".plimsoll.yaml", "reason": "x", "author": "sec@example.com", "expires": "2026-04-01"});
    let caps = "exceptions: {longest-days: 30, authors: [sec@example.com], never-for-exploited: true}";
    let excepted = |exception: &Value| one(&[("suppressed", exception.clone())]);
    passes(caps, &excepted(&good));
    let with = |key: &str, value: Value| {
        let mut other = good.clone();
        other[key] = value;
        other
    };
    fails(caps, &excepted(&with("expires", json!("2026-04-02"))), "more than 30 days");
    fails(caps, &excepted(&with("expires", json!(null))), "more than 30 days");
    fails(caps, &excepted(&with("author", json!("dev@example.com"))), "not by one of those");
    fails(caps, &excepted(&with("author", json!(null))), "not by one of those");
    fails(caps, &one(&[("suppressed", json!("because"))]), "not looked at");
    // What a supplier says is no exception.
    passes(caps, &excepted(&with("kind", json!("vex"))));
    let kev = json!({"kev": {"date_added": "2026-01-01", "ransomware": false}, "exploit_code": null});
    let never = "exceptions: {never-for-exploited: true}";
    fails(never, &one(&[("suppressed", good.clone()), ("exploited", kev.clone())]), "known to be exploited");
    passes(never, &one(&[("suppressed", with("kind", json!("vex"))), ("exploited", kev)]));
}

/// What `explain` prints is a condition that the user could have written: it decides the same.
#[test]
fn every_short_form_is_cel() {
    let forms = [
        "max-severity: medium",
        "deny-exploited: true",
        "fix-within-days: {from-fix: 4, from-disclosure: 9, severity: low}",
        "max-risk: 12.5",
        "base-image-allowed: [alpine, 'a/*']",
        "max-age-of-scan: 3",
        "min-coverage: {judged: 100, level: full}",
        "require-signature: true",
        "require-attestation: true",
        "no-root: true",
        "no-secrets: true",
        "license-deny: [GPL-3.0-only, GPL-2.0+]",
        "licenses: {allow: [MIT, 'BSD-*'], deny: [GPL], except: ['pkg:npm/*', pkg:deb/debian/bash]}",
        "licenses: {deny: [AGPL], unknown: allow}",
        "not-end-of-life: true",
        "no-malicious: true",
        "exceptions: {longest-days: 30, authors: [a], never-for-exploited: true}",
    ];
    for form in forms {
        let policy = Policy::read(rule(form).as_bytes()).unwrap();
        let text = explain(&policy);
        let cel = text.lines().find_map(|line| line.strip_prefix("  when: ")).unwrap();
        for report in [clean(), with(&[finding("CVE-2026-1", "critical")]), changed(clean(), "/image/user", json!("root"))] {
            let (short, long) = (decision(&rule(form), &report), decision(&when(cel), &report));
            assert_eq!(short.outcome, long.outcome, "{form}\n{cel}");
        }
    }
}
