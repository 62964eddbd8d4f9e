//! What is refused when a policy is read: with the place, and with what to write instead.

use crate::sample::{error, rule, when};

#[test]
fn mistakes_have_a_place() {
    for (policy, place, words) in [
        ("", (1, 1), ""),
        ("rules: []\n", (1, 8), "at least one"),
        ("schema: other/v1\nrules: []\n", (1, 9), "plimsoll.policy/v1"),
        ("rules:\n  - name: a\n    frob: 1\n", (3, 5), "frob"),
        ("rules:\n  - name: a\n    no-root: true\n  - name: a\n    no-root: true\n", (4, 11), "line 2"),
        ("rules:\n  - name: a\n", (2, 11), "no condition"),
        ("rules:\n  - name: a\n    no-root: true\n    max-risk: 3\n", (2, 11), "several conditions"),
        ("rules:\n  - name: a\n    no-root: perhaps\n", (3, 14), ""),
        ("rules:\n  - name: a\n    no-root: false\n", (3, 14), "leave the rule away"),
        ("rules:\n  - name: a\n    max-risk: 101\n", (3, 15), "0 to 100"),
        ("rules:\n  - name: a\n    max-severity: huge\n", (3, 5), "huge"),
        ("rules:\n  - name: a\n    no-root: true\n    outcome: refuse\n", (4, 14), "refuse"),
        ("rules:\n  - name: a\n    no-root: true\n    outcome: allow\n", (4, 14), "nothing to allow"),
        ("rules:\n  - name: a\n    when: gate == 'push'\n", (2, 11), "what then"),
        ("rules:\n  - name: a\n    scope: {gate: pusch}\n    no-root: true\n", (3, 19), "build, push, pull, admit, run"),
        ("rules:\n  - name: a\n    scope: {gate: []}\n    no-root: true\n", (3, 19), "never speaks"),
        ("rules:\n  - name: a\n    scope: {image: []}\n    no-root: true\n", (3, 20), "empty"),
        ("rules:\n  - name: a\n    scope: {}\n    no-root: true\n", (3, 12), "empty"),
        ("rules:\n  - name: a\n    scope: {image: '['}\n    no-root: true\n", (3, 20), "no image pattern"),
        ("rules:\n  - name: a\n    link: ftp://x\n    no-root: true\n", (3, 11), "https"),
        ("rules:\n  - name: a\n    fix-within-days: {}\n", (3, 22), "from-fix"),
        ("rules:\n  - name: a\n    exceptions: {}\n", (3, 17), "caps nothing"),
        ("rules:\n  - name: a\n    license-deny: ['a b']\n", (3, 19), "SPDX"),
        ("rules:\n  - name: a\n    licenses: {}\n", (3, 15), "licenses: {allow: [MIT], deny: [AGPL]}"),
        ("rules:\n  - name: a\n    licenses: {deny: [GPLv3]}\n", (3, 15), "fits no licence of the SPDX list"),
        ("rules:\n  - name: a\n    licenses: {deny: [GPL], except: [bash]}\n", (3, 15), "pkg:deb/debian/bash"),
        ("rules: [\n", (2, 1), ""),
    ] {
        let found = error(policy);
        assert!(found.message.contains(words), "{policy}\n{found}");
        assert!(!found.message.is_empty() && !found.message.contains('\n'), "{policy}\n{found}");
        if !words.is_empty() {
            assert_eq!((found.line, found.column), place, "{policy}\n{found}");
        }
    }
}

#[test]
fn mistakes_in_conditions_have_a_place() {
    for (cel, at, words) in [
        ("", None, "empty"),
        ("gate ==", None, "no CEL"),
        ("gate = 'push'", None, "=="),
        ("gate == 'push' and true", None, "&&"),
        ("image.user", Some(0), "a condition is a bool"),
        ("gates == 'push'", Some(0), "use `gate`"),
        ("frob == 1", Some(0), "use one of image, os"),
        ("image.frob == 'a'", Some(0), "use one of reference"),
        ("findings.exists(f, f.sevrity == 'high')", Some(19), "severity"),
        ("findings.exists(f, f.severity == 'hihg')", Some(19), "negligible"),
        ("findings.exists(f, f.severity >= 'high')", Some(19), "no order"),
        ("findings.exists(f, f.risk > '70')", Some(19), "no order"),
        ("findings.exists(f, f.id)", Some(19), "bool"),
        ("findings.severity == 'high'", Some(0), "exists"),
        ("findings.size() > '3'", Some(0), "no order"),
        ("gate == 'pusch'", Some(0), "admit"),
        ("gate == 3", Some(0), "never equals"),
        ("gate == null", Some(0), "never null"),
        ("gate in []", None, "empty"),
        ("gate in ['push', 'pusch']", Some(0), "pusch"),
        ("true && image.user.frob()", Some(8), "no function"),
        ("image.user + 'a' == 'b'", Some(0), "not joined"),
        ("1 + 1.0 == 2.0", Some(0), "mix"),
        ("now - scanned > duration('30d')", Some(25), "720h"),
        ("now > timestamp('today')", Some(16), "2026"),
        ("image.user.matches('(')", Some(19), "regular expression"),
        ("image.reference.imageMatches(['['])", Some(29), "image pattern"),
        ("has(image.reference)", Some(4), "always there"),
        ("findings.map(f, f.id) == []", None, "list"),
        ("findings.exists(f.id, true)", Some(16), "a name"),
        ("{'a': 1}.a == 1", None, "maps"),
        ("gate == 'push' && gate == 'pull'", Some(0), "never true"),
        ("false", Some(0), "never true"),
    ] {
        let found = error(&when(cel));
        assert!(found.message.contains(words), "{cel}\n{found}");
        if let Some(at) = at {
            assert_eq!((found.line, found.column), (4, 7 + at), "{cel}\n{found}");
        }
    }
}

#[test]
fn places_inside_other_styles() {
    for (written, place) in [
        ("when: 1 == frob", (3, 16)),
        ("when: \"1 == frob\"", (3, 17)),
        ("when: '1 == frob'", (3, 17)),
        ("when: >-\n      1 ==\n        frob", (5, 9)),
        ("when: |\n      1 ==\n        frob", (5, 9)),
    ] {
        let found = error(&rule(&format!("{written}\n    outcome: deny")));
        assert_eq!((found.line, found.column), place, "{written}\n{found}");
    }
}

#[test]
fn rules_that_never_speak_are_told() {
    for (scope, cel) in [
        ("{gate: build}", "gate == \"push\""),
        ("{gate: [build, push]}", "gate in [\"pull\", \"run\"] && size(findings) > 0"),
        ("{environment: production}", "environment == \"test\""),
        ("{gate: run}", "!(gate == \"run\") && image.user == \"root\""),
    ] {
        let found = error(&rule(&format!("scope: {scope}\n    when: '{cel}'\n    outcome: deny")));
        assert!(found.message.contains("never true"), "{scope} {cel}: {found}");
    }
    for (scope, cel) in [("{gate: [build, push]}", "gate == \"push\""), ("{gate: run}", "true")] {
        policy::Policy::read(rule(&format!("scope: {scope}\n    when: '{cel}'\n    outcome: deny")).as_bytes()).unwrap();
    }
}
