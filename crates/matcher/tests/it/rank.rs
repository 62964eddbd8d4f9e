//! The order of work.

use matcher::{Context, rank};
use model::advisory::{Epss, Kev, Ssvc};
use model::digest::Digest;
use model::finding::{Evidence, Exploited, Finding, FindingKind, FindingStatus};
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::package::PackageType;
use model::severity::{Cvss, Severity};
use model::usage::{Observed, SCHEMA, Usage, Use, UseEvidence};
use proptest::prelude::*;

use crate::world::time;

fn finding(severity: Severity) -> Finding {
    Finding {
        purl: "pkg:npm/lodash@4.17.4".into(),
        package: "lodash".into(),
        version: "4.17.4".into(),
        status: FindingStatus::Fixed,
        fixed_in: vec!["4.17.21".into()],
        severity,
        severity_source: "ghsa".into(),
        exploited: Some(Exploited::default()),
        evidence: vec![Evidence {
            path: "/srv/node_modules/lodash/package.json".into(),
            layer: None,
            extractor: "language/javascript".into(),
            range: String::new(),
        }],
        ..Finding::new("CVE-2024-0001", FindingKind::Vulnerability, PackageType::Npm)
    }
}

fn kev(ransomware: bool) -> Kev {
    Kev { date_added: "2024-02-03".into(), ransomware }
}

fn with_kev(mut finding: Finding) -> Finding {
    finding.exploited = Some(Exploited { kev: Some(kev(false)), exploit_code: None });
    finding
}

fn usage(hours: i64, uses: Vec<Use>) -> Usage {
    let from = time("2024-06-01T00:00:00Z");
    let to = from + jiff::SignedDuration::from_hours(hours);
    Usage { schema: SCHEMA.into(), image: Digest::Sha256([1; 32]), observed: Observed { from, to }, uses }
}

fn used(path: &str, evidence: UseEvidence) -> Use {
    Use { purl: None, path: Some(path.into()), evidence, first_seen: None, last_seen: None }
}

fn ranked_with(finding: &Finding, image: &ImageInfo, usage: Option<&Usage>) -> Finding {
    let mut findings = vec![finding.clone()];
    rank(&mut findings, &Context { image, inventory: &Inventory::default(), usage });
    findings.remove(0)
}

fn risk(finding: &Finding) -> f64 {
    ranked_with(finding, &ImageInfo::default(), None).risk.unwrap()
}

#[test]
fn what_is_exploited_comes_before_what_is_critical_on_paper() {
    let (critical, medium) = (finding(Severity::Critical), with_kev(finding(Severity::Medium)));
    assert!(risk(&medium) >= 70.0 && risk(&critical) <= 35.0, "{} {}", risk(&medium), risk(&critical));
    let mut malicious = finding(Severity::Unknown);
    malicious.kind = FindingKind::Malicious;
    assert!((risk(&malicious) - 100.0).abs() < f64::EPSILON);
}

#[test]
fn the_terms_are_told_in_plain_words() {
    let mut finding = with_kev(finding(Severity::Low));
    finding.cvss = vec![Cvss {
        version: "3.1".into(),
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
        score: 9.8,
        source: "nvd".into(),
    }];
    finding.epss = Some(Epss { score: 0.0234, percentile: 0.9, date: "2024-06-30".into() });
    finding.ssvc = Some(Ssvc { exploitation: "active".into(), automatable: true, technical_impact: "total".into() });
    finding.fix_available_since = Some(time("2024-03-01T05:00:00Z"));
    let image = ImageInfo {
        config_digest: Some(Digest::Sha256([2; 32])),
        exposed_ports: vec!["80/tcp".into(), "443/tcp".into()],
        user: Some("0:0".into()),
        ..ImageInfo::default()
    };
    let seen = usage(72, vec![used("/srv/node_modules/lodash/lodash.js", UseEvidence::Opened)]);
    let ranked = ranked_with(&finding, &image, Some(&seen));
    assert_eq!(
        ranked.why,
        [
            "known to be exploited (CISA KEV, since 2024-02-03)",
            "actively exploited (CISA SSVC)",
            "EPSS 2.3 % within 30 days (of 2024-06-30)",
            "rated low by ghsa; CVSS 9.8 (nvd) counts as 3.9",
            "in use: opened",
            "reached over the network, and the image listens on 80/tcp and more",
            "runs as root",
            "a fix is available since 2024-03-01",
        ]
    );
    assert_eq!(ranked.in_use, Some(true));
}

#[test]
fn what_the_image_starts_comes_first() {
    let mut inside = finding(Severity::High);
    inside.evidence =
        vec![Evidence { path: "/app.jar!/lib/a.jar".into(), layer: None, extractor: "x".into(), range: String::new() }];
    let mut beside = inside.clone();
    beside.evidence[0].path = "/other.jar".into();
    let image = ImageInfo { command: vec!["java".into(), "-jar".into(), "/app.jar".into()], ..ImageInfo::default() };
    let [inside, beside] = [&inside, &beside].map(|one| ranked_with(one, &image, None));
    assert!(inside.risk > beside.risk);
    assert!(inside.why.contains(&"in what the image starts (/app.jar)".to_owned()), "{:?}", inside.why);
}

#[test]
fn what_is_missing_is_neutral_and_said() {
    let mut finding = finding(Severity::Unknown);
    finding.exploited = None;
    let ranked = ranked_with(&finding, &ImageInfo::default(), None);
    assert_eq!(
        ranked.why,
        [
            "no EPSS score is known",
            "whether it is exploited was not looked for",
            "nobody has rated it: taken for medium",
            "a fix is available",
        ]
    );
    assert_eq!(ranked.in_use, None);
}

#[test]
fn silence_lowers_the_rank_and_hides_nothing_that_is_exploited() {
    let nothing = |hours| usage(hours, Vec::new());
    let image = ImageInfo::default();
    let high = finding(Severity::High);
    let ranked = ranked_with(&high, &image, Some(&nothing(72)));
    assert_eq!(ranked.in_use, Some(false));
    assert!(ranked.risk.unwrap() < risk(&high));
    assert!(ranked.why.contains(&"not seen in use in 3 days".to_owned()), "{:?}", ranked.why);
    // An hour of watching proves nothing.
    assert_eq!(ranked_with(&high, &image, Some(&nothing(1))).risk, Some(risk(&high)));
    let exploited = ranked_with(&with_kev(high.clone()), &image, Some(&nothing(72)));
    assert!(exploited.risk.unwrap() >= 70.0, "{:?}", exploited.risk);
}

#[test]
fn files_in_use_belong_to_their_packages() {
    let image = ImageInfo::default();
    let in_use = |finding: &Finding, uses: Vec<Use>| ranked_with(finding, &image, Some(&usage(72, uses))).in_use;
    let lodash = finding(Severity::High);
    assert_eq!(in_use(&lodash, vec![used("/srv/node_modules/lodash/fp/a.js", UseEvidence::Opened)]), Some(true));
    for other in [
        "/srv/node_modules/lodash/node_modules/a/a.js",
        "/srv/node_modules/lodash-es/a.js",
        "/srv/node_modules/lodas",
        "/other/lodash/a.js",
    ] {
        assert_eq!(in_use(&lodash, vec![used(other, UseEvidence::Exec)]), Some(false), "{other}");
    }
    let by_purl = Use {
        purl: Some("pkg:npm/lodash@4%2E17.4?vcs_url=x".into()),
        path: None,
        evidence: UseEvidence::Embedded,
        first_seen: None,
        last_seen: None,
    };
    assert_eq!(in_use(&lodash, vec![by_purl]), Some(true));
    let mut jar = lodash.clone();
    jar.evidence[0].path = "/app/a.war!WEB-INF/lib/b.jar".into();
    assert_eq!(in_use(&jar, vec![used("/app/a.war", UseEvidence::Mapped)]), Some(true));
    // What a package of the distribution owns, the indexer tells.
    let mut openssl = lodash.clone();
    (openssl.package, openssl.package_type) = ("libssl3".into(), PackageType::Deb);
    let path = "/usr/lib/x86_64-linux-gnu/libssl.so.3";
    let inventory = Inventory { owners: [(path.to_owned(), "libssl3".to_owned())].into(), ..Inventory::default() };
    let mut findings = vec![openssl];
    let seen = usage(72, vec![used(path, UseEvidence::Mapped)]);
    rank(&mut findings, &Context { image: &image, inventory: &inventory, usage: Some(&seen) });
    assert_eq!(findings[0].in_use, Some(true));
}

/// What may be known of exploitation.
fn evidence() -> impl Strategy<Value = (Option<Kev>, Option<String>, Option<f64>, Option<Ssvc>)> {
    let kev = proptest::option::of(any::<bool>().prop_map(kev));
    let code = proptest::option::of(proptest::sample::select(vec!["poc", "exploitdb", "metasploit"]).prop_map(str::to_owned));
    let epss = proptest::option::of(0.0..=1.0_f64);
    let ssvc = proptest::option::of((proptest::sample::select(vec!["none", "poc", "active"]), any::<bool>()).prop_map(
        |(exploitation, automatable)| Ssvc { exploitation: exploitation.into(), automatable, technical_impact: "total".into() },
    ));
    (kev, code, epss, ssvc)
}

fn known(severity: Severity, (kev, code, epss, ssvc): (Option<Kev>, Option<String>, Option<f64>, Option<Ssvc>)) -> Finding {
    let mut known = finding(severity);
    known.exploited = Some(Exploited { kev, exploit_code: code });
    known.epss = epss.map(|score| Epss { score, percentile: score, date: "2024-06-30".into() });
    known.ssvc = ssvc;
    known
}

proptest! {
    /// Each further piece of evidence leaves the number where it is or raises it, whatever else is known.
    #[test]
    fn evidence_of_exploitation_never_lowers_the_risk(
        less in evidence(), more in evidence(), severity in proptest::sample::select(Severity::ALL.to_vec()), watched in any::<bool>(),
    ) {
        let usage = usage(72, Vec::new());
        let usage = watched.then_some(&usage);
        let risk = |finding: &Finding| ranked_with(finding, &ImageInfo::default(), usage).risk.unwrap();
        let (kev, code, epss, ssvc) = less.clone();
        let added = (kev.or(more.0), code.or(more.1), epss.or(more.2), ssvc.or(more.3));
        let (before, after) = (risk(&known(severity, less)), risk(&known(severity, added)));
        prop_assert!(after >= before, "{before} {after}");
        prop_assert!((0.0..=100.0).contains(&after));
    }

    /// A higher score, a worse level, a stronger exploit: never lower.
    #[test]
    fn stronger_evidence_never_ranks_lower(
        facts in evidence(), score in 0.0..=1.0_f64, step in 0.0..=1.0_f64, level in 1_usize..6,
    ) {
        let with = |severity, score: f64| {
            let mut facts = facts.clone();
            facts.2 = Some(score);
            risk(&known(severity, facts))
        };
        let worse = Severity::ALL[level - 1];
        // Unknown is no level: it is taken for medium.
        let better = if Severity::ALL[level] == Severity::Unknown { Severity::Negligible } else { Severity::ALL[level] };
        prop_assert!(with(better, (score + step).min(1.0)) >= with(better, score));
        prop_assert!(with(worse, score) >= with(better, score));
    }
}
