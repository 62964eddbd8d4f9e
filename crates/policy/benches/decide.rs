//! How long a decision takes: `cargo bench -p policy`. Wanted: 100 rules over 10,000 findings below 50 ms, and a decision upon
//! a stored report, its reading included, below 5 ms.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use policy::{Facts, Policy, Question, decide};
use serde_json::{Value, json};

/// Rules of every form that goes through the findings, each with bounds of its own; those that speak find something.
fn rules(count: usize, speaking: bool) -> Policy {
    let form = |number: usize| match (number % 4, speaking) {
        (0, true) => "max-severity: medium".to_owned(),
        (0, false) => "max-severity: {level: high, unrated: allow}".to_owned(),
        (1, true) => format!("max-risk: {}", number / 2),
        (1, false) => format!("max-risk: {}.5", 99),
        (2, true) => format!("fix-within-days: {{from-fix: {}, from-disclosure: {}}}", 1 + number % 5, 1 + number % 9),
        (2, false) => format!("fix-within-days: {{from-fix: {}, severity: high}}", 900 + number),
        (_, true) => {
            format!("when: 'findings.exists(f, f.owner == \"base\" && f.package.startsWith(\"p{number}\"))'\n    outcome: warn")
        }
        (_, false) => format!("when: 'findings.exists(f, f.package == \"x{number}\" && f.epss != null)'\n    outcome: warn"),
    };
    let text: String = (0..count).map(|number| format!("  - name: r{number}\n    {}\n", form(number))).collect();
    Policy::read(format!("rules:\n{text}").as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn report(findings: usize) -> Vec<u8> {
    let severity = ["low", "medium", "high"];
    let findings: Vec<Value> = (0..findings)
        .map(|number| {
            json!({"id": format!("CVE-2026-{number}"), "aliases": ["DSA-1"], "kind": "vulnerability", "title": "something overflows", "url": "https://x",
                "published": "2026-02-20T00:00:00Z", "purl": format!("pkg:deb/debian/p{number}@1?arch=amd64"), "package": format!("p{number}"),
                "type": "deb", "version": "1", "status": "fixed", "fixed_in": ["2"], "fix_available_since": "2026-02-25T00:00:00Z",
                "severity": severity[number % 3], "severity_source": "debian", "cvss": [], "cwes": ["CWE-79"],
                "exploited": {"kev": null, "exploit_code": null}, "epss": {"score": 0.01, "percentile": 0.5, "date": "2026-03-01"},
                "in_use": null, "risk": (number % 100) as f64, "why": ["x"], "owner": "base", "suppressed": null,
                "evidence": [{"path": "var/lib/dpkg/status", "layer": null, "extractor": "dpkg", "range": "p < 2"}], "sources": ["debian"]})
        })
        .collect();
    let report = json!({
        "schema": "plimsoll.report/v1", "created": "2026-03-02T10:00:00Z",
        "image": {"reference": "a:1", "source": "registry", "digest": null, "config_digest": null, "platform": null, "created": null,
            "user": "web", "labels": {}, "base": null},
        "os": null,
        "database": {"built": null, "sha256": null, "kind": "full", "feeds": [{"name": "kev", "as_of": "2026-03-01"}]},
        "coverage": [{"type": "deb", "release": "debian:12", "feed": "debian", "as_of": "2026-03-01", "level": "full",
            "judged": 100, "unjudged": 0, "undetermined": 0, "reasons": []}],
        "packages": [], "findings": findings,
        "summary": {"hidden_by_filters": 0, "suppressed": 0, "funnel": {"packages": 1, "findings": 0, "fixable": 0,
            "critical_or_high": 0, "likely_exploited": 0, "exploited": 0, "in_use": null}},
        "unread": []
    });
    serde_json::to_vec(&report).unwrap_or_default()
}

fn measure(criterion: &mut Criterion) {
    let question = Question {
        gate: "push",
        environment: Some("production"),
        now: "2026-03-02T12:00:00Z".parse().unwrap_or_default(),
        max_database_age: Duration::from_secs(7 * 86_400),
        scanned: None,
    };
    let large = report(10_000);
    for (name, speaking) in [("silent", false), ("speaking", true)] {
        let policy = rules(100, speaking);
        let mut facts = Facts::read(&large).unwrap_or_else(|error| panic!("{error}"));
        criterion.bench_function(&format!("100 rules over 10,000 findings, {name}"), |bench| {
            bench.iter(|| black_box(decide(&policy, "p", &mut facts, &question)));
        });
    }
    criterion.bench_function("reading a report of 10,000 findings", |bench| bench.iter(|| black_box(Facts::read(&large))));
    let (policy, usual) = (rules(10, true), report(300));
    criterion.bench_function("10 rules over a stored report of 300 findings, reading included", |bench| {
        bench.iter(|| {
            let mut facts = Facts::read(&usual).unwrap_or_else(|error| panic!("{error}"));
            black_box(decide(&policy, "p", &mut facts, &question))
        });
    });
    let text: String = (0..100).map(|number| format!("  - {{name: r{number}, max-severity: high}}\n")).collect();
    let text = format!("rules:\n{text}");
    criterion.bench_function("reading a policy of 100 rules", |bench| bench.iter(|| black_box(Policy::read(text.as_bytes()))));
}

criterion_group! {
    name = decisions;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = measure
}
criterion_main!(decisions);
