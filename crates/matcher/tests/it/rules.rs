//! The rules of matching, each with a database of its own.

use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, Epss, ExploitCode, Kev, Status};
use model::coverage::Level;
use model::finding::{FindingStatus, Owner};
use model::package::{Location, Origin, PackageType};

use crate::world::*;

fn pypi() -> World {
    World::language(PackageType::Pypi).has(package(PackageType::Pypi, "django", "3.2.1"))
}

#[test]
fn aliases_fold_into_one_finding_that_lists_all_ids() {
    let world = pypi()
        .feed("ghsa", "2024-06-30", &[("pypi", Level::Full)])
        .says("osv-pypi", alias(advisory("PYSEC-2024-1", affected("pypi", "django", "3.2.9")), &["GHSA-aaaa-bbbb-cccc"]))
        .says(
            "ghsa",
            alias(
                advisory(
                    "GHSA-aaaa-bbbb-cccc",
                    Affected { ranges: vec![between("3.0", "3.2.10"), between("4.0", "4.1")], ..affected("pypi", "django", "") },
                ),
                &["CVE-2024-1111"],
            ),
        );
    let finding = world.finding();
    assert_eq!(finding.id, "CVE-2024-1111");
    assert_eq!(finding.aliases, ["GHSA-aaaa-bbbb-cccc", "PYSEC-2024-1"]);
    assert_eq!(finding.sources, ["ghsa", "osv-pypi"]);
    assert_eq!(finding.fixed_in, ["3.2.9", "3.2.10", "4.1"], "in the order of versions, not of letters");
    assert_eq!(finding.status, FindingStatus::Fixed);
    let ranges: Vec<&str> = finding.evidence.iter().map(|evidence| evidence.range.as_str()).collect();
    assert_eq!(ranges, ["django < 3.2.9 (osv-pypi, PYSEC-2024-1)", "django >= 3.0, < 3.2.10 (ghsa, GHSA-aaaa-bbbb-cccc)"]);
    let row = world.coverage("pypi");
    assert_eq!((row.feed.as_deref(), row.as_of.as_deref()), (Some("ghsa+osv-pypi"), Some("2024-06-30")));
}

#[test]
fn an_erratum_that_fixes_several_vulnerabilities_is_not_one() {
    let world = World::debian()
        .says("debian-dsa", erratum(advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")), "DSA-1-1"))
        .says("debian-dsa", erratum(advisory("CVE-2024-0002", affected("debian:12", "curl", "8.0")), "DSA-1-1"))
        .has(deb("curl", "7.0"));
    assert_eq!(world.ids(), ["CVE-2024-0001", "CVE-2024-0002"]);
}

#[test]
fn withdrawn_advisories_and_notices_never_match() {
    let world = pypi()
        .says(
            "osv-pypi",
            Advisory { withdrawn: Some(time("2024-01-01T00:00:00Z")), ..advisory("PYSEC-1", affected("pypi", "django", "")) },
        )
        .says("osv-pypi", Advisory { kind: AdvisoryKind::Notice, ..advisory("PYSEC-2", affected("pypi", "django", "")) });
    assert_eq!(world.ids(), [""; 0]);
    assert_eq!(world.counts("pypi"), (1, 0, 0, Vec::new()));
}

#[test]
fn a_withdrawn_denial_denies_nothing() {
    let world = pypi().says("osv-pypi", advisory("CVE-2024-0001", affected("pypi", "django", "4.0"))).says(
        "x",
        Advisory { withdrawn: Some(time("2024-01-01T00:00:00Z")), ..advisory("CVE-2024-0001", not_affected("pypi", "django")) },
    );
    assert_eq!(world.ids(), ["CVE-2024-0001"]);
}

#[test]
fn kinds_of_findings() {
    for (kind, name) in [(AdvisoryKind::Malicious, "malicious"), (AdvisoryKind::Unmaintained, "unmaintained")] {
        let world = pypi().says("osv-pypi", Advisory { kind, ..advisory("MAL-1", affected("pypi", "django", "")) });
        let finding = world.finding();
        assert_eq!((finding.kind.name(), finding.evidence[0].range.as_str()), (name, "django, every version (osv-pypi, MAL-1)"));
    }
}

#[test]
fn a_denied_range_excludes() {
    let denied = Affected { status: Status::NotAffected, ranges: vec![between("3.2", "3.3")], ..affected("pypi", "django", "") };
    let world = |version: &str| {
        World::language(PackageType::Pypi)
            .says("osv-pypi", advisory("CVE-2024-0001", affected("pypi", "django", "4.0")))
            .says("vendor", advisory("CVE-2024-0001", denied.clone()))
            .has(package(PackageType::Pypi, "django", version))
    };
    assert_eq!(world("3.2.1").ids(), [""; 0]);
    assert_eq!(world("3.1").ids(), ["CVE-2024-0001"]);
}

#[test]
fn the_vendors_word_where_nothing_fixes_it() {
    for (status, expected) in [
        (Status::Affected, FindingStatus::Affected),
        (Status::WontFix, FindingStatus::WontFix),
        (Status::EndOfLife, FindingStatus::EndOfLife),
        (Status::UnderInvestigation, FindingStatus::UnderInvestigation),
    ] {
        let world = World::debian()
            .says("debian-dsa", advisory("CVE-2024-0001", Affected { status, ..affected("debian:12", "curl", "") }))
            .has(deb("curl", "7.0"));
        let finding = world.finding();
        assert_eq!((finding.status, finding.fixed_in.len(), finding.fix_available_since), (expected, 0, None));
    }
}

#[test]
fn an_esm_package_is_judged_by_esm_where_that_speaks() {
    let world = |version: &str| {
        World::new("ID=ubuntu\nVERSION_ID=\"18.04\"")
            .patient()
            .feed("ubuntu", "2024-07-01", &[("ubuntu:18.04", Level::Full), ("ubuntu:18.04+esm", Level::Full)])
            .says("ubuntu", advisory("CVE-2024-0001", affected("ubuntu:18.04", "curl", "")))
            .says("ubuntu", advisory("CVE-2024-0001", affected("ubuntu:18.04+esm", "curl", "7.58.0-2ubuntu3.24+esm4")))
            .says("ubuntu", advisory("CVE-2024-0002", affected("ubuntu:18.04", "curl", "")))
            .has(deb("curl", version))
    };
    let ids = |world: World| world.ids().into_iter().filter(|id| id.starts_with("CVE")).collect::<Vec<_>>();
    assert_eq!(ids(world("7.58.0-2ubuntu3.24+esm4")), ["CVE-2024-0002"]);
    assert_eq!(ids(world("7.58.0-2ubuntu3.24+esm3")), ["CVE-2024-0001", "CVE-2024-0002"]);
    assert_eq!(ids(world("7.58.0-2ubuntu3.24")), ["CVE-2024-0001", "CVE-2024-0002"]);
}

#[test]
fn go_symbols_that_are_not_linked_are_no_finding() {
    let entry = Affected {
        symbols: vec!["golang.org/x/net/http2.Server.ServeConn".into()],
        ..affected("golang", "golang.org/x/net", "0.23.0")
    };
    for (linked, found) in [
        (None, true),
        (Some(vec!["golang.org/x/net/http2", "golang.org/x/net/http2.Server.ServeConn"]), true),
        (Some(vec!["golang.org/x/net/http2", "golang.org/x/net/http2.Transport.RoundTrip"]), false),
        (Some(vec![]), false),
    ] {
        let mut module = package(PackageType::Golang, "golang.org/x/net", "v0.17.0");
        module.linked_symbols = linked.map(|symbols: Vec<&str>| symbols.into_iter().collect());
        let world = World::language(PackageType::Golang).says("osv-golang", advisory("GO-2024-2687", entry.clone())).has(module);
        assert_eq!(!world.ids().is_empty(), found);
    }
}

#[test]
fn upstream_programs_are_held_against_bitnami() {
    let world = World::language(PackageType::Bitnami)
        .says("osv-bitnami", alias(advisory("BIT-redis-2024-1", affected("bitnami", "redis", "7.2.4")), &["CVE-2023-41056"]))
        .has(package(PackageType::Bitnami, "redis", "7.2.3"))
        .has(package(PackageType::Generic, "mystery", "1.0"));
    let finding = world.finding();
    assert_eq!((finding.id.as_str(), finding.purl.as_str()), ("CVE-2023-41056", "pkg:bitnami/redis@7.2.3"));
    assert_eq!(world.counts("generic"), (0, 1, 0, vec!["mystery: known by its name alone".into()]));
}

#[test]
fn facts_of_the_cve_reach_the_finding() {
    let facts = CveFacts {
        id: "CVE-2024-0001".into(),
        title: "A title".into(),
        published: Some(time("2024-01-02T00:00:00Z")),
        cwes: vec!["CWE-79".into()],
        kev: Some(Kev { date_added: "2024-02-01".into(), ransomware: true }),
        epss: Some(Epss { score: 0.5, percentile: 0.9, date: "2024-07-01".into() }),
        exploit: Some(ExploitCode { level: "metasploit".into(), count: 1 }),
        ..CveFacts::default()
    };
    let world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0000", affected("debian:12", "curl", "8.0")))
        .says("debian-dsa", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .facts(facts)
        .has(deb("curl", "7.0"));
    let findings = world.matched().findings;
    let first = &findings[0];
    assert_eq!(first.id, "CVE-2024-0001", "known exploited ones come first");
    assert!(first.is_known_exploited() && first.is_likely_exploited());
    assert_eq!(first.exploited.as_ref().and_then(|exploited| exploited.exploit_code.as_deref()), Some("metasploit"));
    assert_eq!((first.title.as_str(), first.cwes.as_slice()), ("A title", &["CWE-79".to_owned()][..]));
    assert_eq!(first.url, "https://www.cve.org/CVERecord?id=CVE-2024-0001");
    assert_eq!(first.published, Some(time("2024-01-02T00:00:00Z")));
    assert_eq!(first.risk, None);
    // The catalogue was asked about the other one too, and knows nothing.
    assert!(findings[1].exploited.as_ref().is_some_and(|exploited| exploited.kev.is_none()));
}

#[test]
fn without_a_catalogue_exploitation_is_not_denied() {
    let world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .has(deb("curl", "7.0"));
    assert_eq!(world.finding().exploited, None);
}

#[test]
fn evidence_names_every_place_and_the_origin_its_owner() {
    let mut django = package(PackageType::Pypi, "django", "3.2.1");
    django.locations =
        vec![Location { path: "/a/METADATA".into(), layer: None }, Location { path: "/b/METADATA".into(), layer: None }];
    django.origin = Origin::App;
    let world = World::language(PackageType::Pypi)
        .says("osv-pypi", advisory("CVE-2024-0001", affected("pypi", "django", "4.0")))
        .has(django);
    let finding = world.finding();
    assert_eq!(
        finding.evidence.iter().map(|evidence| evidence.path.as_str()).collect::<Vec<_>>(),
        ["/a/METADATA", "/b/METADATA"]
    );
    assert_eq!(finding.owner, Owner::App);
}

#[test]
fn what_no_feed_speaks_of_is_said() {
    let world = World::language(PackageType::Pypi).has(package(PackageType::Npm, "left-pad", "1.0.0"));
    assert_eq!(world.counts("npm"), (0, 1, 0, vec!["no feed for npm in this database".into()]));
    assert_eq!(world.coverage("npm").level, Level::None);
    let world = World::debian().has(deb("bash", "5.2-1")).has(rpm("strange", "1-1"));
    assert_eq!(world.counts("rpm"), (0, 1, 0, vec!["debian:12 has no feed for rpm packages".into()]));
}

#[test]
fn a_stale_feed_finds_but_clears_nothing() {
    let mut world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .has(deb("curl", "7.0"))
        .has(deb("bash", "5.2-1"));
    assert_eq!(world.counts("deb"), (2, 0, 0, Vec::new()));
    world.options.now = time("2024-07-09T00:00:00Z");
    assert_eq!(world.ids(), ["CVE-2024-0001"]);
    assert_eq!(world.counts("deb"), (0, 0, 2, vec!["debian-dsa is of 2024-07-01, more than 7 days old".into()]));
    assert_eq!(world.patient().counts("deb"), (2, 0, 0, Vec::new()));
}

#[test]
fn versions_that_cannot_be_compared_are_counted() {
    let world = World::language(PackageType::Npm)
        .says("osv-npm", advisory("CVE-2024-0001", affected("npm", "left-pad", "1.3.0")))
        .has(package(PackageType::Npm, "left-pad", "not-a-version"))
        .has(package(PackageType::Npm, "left-pad", ""))
        .has(package(PackageType::Npm, "right-pad", ""));
    assert_eq!(world.ids(), [""; 0]);
    let (judged, unjudged, undetermined, reasons) = world.counts("npm");
    assert_eq!((judged, unjudged, undetermined), (1, 0, 2));
    assert_eq!(
        reasons,
        ["left-pad not-a-version: the version cannot be compared", "left-pad without a version: no version to compare"]
    );
}

#[test]
fn the_embedded_database_says_what_it_is() {
    let mut world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .has(deb("curl", "7.0"));
    world.kind = "embedded";
    let matched = world.matched();
    assert_eq!(matched.coverage[0].level, Level::Partial);
    assert!(matched.warnings[0].starts_with("only known-exploited vulnerabilities were looked for"), "{:?}", matched.warnings);
}

#[test]
fn oval_of_microsoft_names_sources() {
    let world = World::new("ID=azurelinux\nVERSION_ID=\"3.0\"")
        .feed("azurelinux", "2024-07-01", &[("azurelinux:3.0", Level::FixedOnly)])
        .says("azurelinux", advisory("CVE-2024-0001", affected("azurelinux:3.0", "openssl", "3.3.0-2.azl3")))
        .has(from_source(rpm("openssl-libs", "3.3.0-1.azl3"), "openssl", "3.3.0-1.azl3"));
    assert_eq!(world.finding().package, "openssl-libs");
}

#[test]
fn an_inventory_that_names_a_purl_twice_yields_one_finding() {
    let mut again = deb("curl", "7.0");
    again.locations[0].path = "/elsewhere".into();
    let world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .has(deb("curl", "7.0"))
        .has(again);
    assert_eq!(world.finding().evidence.len(), 2);
}

#[test]
fn a_run_time_past_its_end() {
    let world = |owned: Option<&str>| {
        let mut python = package(PackageType::Bitnami, "python", "3.7.3");
        python.owned_by = owned.map(str::to_owned);
        World::language(PackageType::Bitnami).has(python).has(package(PackageType::Bitnami, "python", "3.12.1"))
    };
    let finding = world(None).finding();
    assert_eq!((finding.id.as_str(), finding.purl.as_str()), ("PLIMSOLL-EOL:python:3.7.3", "pkg:bitnami/python@3.7.3"));
    assert_eq!((finding.kind.name(), finding.evidence[0].path.as_str()), ("end_of_life", "/place"));
    assert_eq!(world(None).explained(&finding.id)[0].answer, matcher::Answer::Matched);
    // What a distribution ships, the distribution maintains.
    assert_eq!(world(Some("libpython3.7-minimal")).ids(), [""; 0]);
}
