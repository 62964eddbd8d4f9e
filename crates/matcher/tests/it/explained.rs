//! `--explain ID`: what matched, what did not, and why.

use matcher::Answer;
use model::advisory::{Advisory, Affected};
use model::coverage::Level;
use model::package::PackageType;

use crate::world::*;

/// The answers as lines, without the entry they speak of.
fn lines(world: &World, id: &str) -> Vec<String> {
    let explanations = world.explained(id);
    explanations
        .iter()
        .map(|one| format!("{}: {}: {}", one.answer.name(), one.purl.as_deref().unwrap_or("-"), one.reason))
        .collect()
}

#[test]
fn what_matched_and_what_lies_outside() {
    let world = World::debian()
        .says("debian-dsa", erratum(advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")), "DSA-1-1"))
        .has(deb("curl", "7.0"))
        .has(from_source(deb("libcurl4", "8.0"), "curl", "8.0"))
        .has(deb("bash", "5.0"));
    for id in ["CVE-2024-0001", "DSA-1-1", "cve-2024-0001"] {
        assert_eq!(
            lines(&world, id),
            [
                "matched: pkg:deb/debian/curl@7.0?distro=debian-12: 7.0 is in the range",
                "not matched: pkg:deb/debian/libcurl4@8.0?distro=debian-12&upstream=curl: 8.0 is outside the range"
            ],
            "{id}"
        );
    }
    let first = &world.explained("DSA-1-1")[0];
    assert_eq!(
        first.to_string(),
        "matched: pkg:deb/debian/curl@7.0?distro=debian-12: 7.0 is in the range: curl < 8.0 (debian-dsa, CVE-2024-0001, DSA-1-1)"
    );
}

#[test]
fn why_not() {
    let entry = |affected| advisory("CVE-2024-0001", affected);
    let django = || package(PackageType::Pypi, "django", "3.2");
    let pypi = |advisory| World::language(PackageType::Pypi).says("osv-pypi", advisory);
    let range = || affected("pypi", "django", "4.0");
    let mut owned = django();
    owned.owned_by = Some("python3-django".into());
    let mut bare = django();
    bare.unjudged = Some("an egg without metadata".into());
    let mut docker = deb("docker-ce", "1.0");
    docker.vendor = Some("Docker <support@docker.com>".into());
    let mut module = package(PackageType::Golang, "golang.org/x/net", "v0.1.0");
    module.linked_symbols = Some(["golang.org/x/net/html"].into_iter().collect());
    let symbols =
        Affected { symbols: vec!["golang.org/x/net/http2.Run".into()], ..affected("golang", "golang.org/x/net", "0.2.0") };
    let withdrawn = Some(time("2024-01-01T00:00:00Z"));
    for (world, answer, reason) in [
        (pypi(entry(range())).has(owned), Answer::Unjudged, "in files of distribution packages, which their vendor alone judges"),
        (pypi(entry(range())).has(bare), Answer::Unjudged, "django: an egg without metadata"),
        (pypi(Advisory { withdrawn, ..entry(range()) }).has(django()), Answer::NotMatched, "the advisory was withdrawn"),
        (
            pypi(entry(not_affected("pypi", "django"))).has(django()),
            Answer::NotMatched,
            "the vendor says that it is not affected",
        ),
        (pypi(entry(range())).has(package(PackageType::Pypi, "django", "")), Answer::Undetermined, "no version to compare"),
        (
            World::debian().says("debian-dsa", entry(affected("debian:12", "docker-ce", "2.0"))).has(docker),
            Answer::Unjudged,
            "docker-ce: not built by Debian",
        ),
        (
            World::language(PackageType::Golang).says("osv-golang", entry(symbols)).has(module),
            Answer::NotMatched,
            "none of the vulnerable symbols is linked into the program",
        ),
        (
            World::debian().says("debian-dsa", entry(affected("debian:11", "curl", "8.0"))).has(deb("curl", "7.0")),
            Answer::NotMatched,
            "the feeds speak of curl in debian:11, not in debian:12",
        ),
        (
            World::debian().says("debian-dsa", entry(affected("debian:12", "wget", "2.0"))).has(deb("curl", "7.0")),
            Answer::Absent,
            "the feeds name only packages that are not here: wget (debian:12)",
        ),
        (World::debian().has(deb("curl", "7.0")), Answer::Absent, "no feed in this database speaks of CVE-2024-0001"),
    ] {
        let explanations = world.explained("CVE-2024-0001");
        assert_eq!(explanations.len(), 1, "{explanations:#?}");
        assert_eq!((explanations[0].answer, explanations[0].reason.as_str()), (answer, reason));
        assert_eq!(world.ids(), [""; 0], "{reason}");
    }
}

#[test]
fn an_entry_overruled_by_a_denial() {
    let world = World::language(PackageType::Pypi)
        .says("osv-pypi", advisory("CVE-2024-0001", affected("pypi", "django", "4.0")))
        .says("vendor", advisory("CVE-2024-0001", not_affected("pypi", "django")))
        .has(package(PackageType::Pypi, "django", "3.2"));
    let reasons: Vec<String> = world.explained("CVE-2024-0001").into_iter().map(|one| one.reason).collect();
    assert_eq!(
        reasons,
        [
            "another entry of the vendor says that it is not affected, or speaks of its channel",
            "the vendor says that it is not affected"
        ]
    );
}

/// An id that only another feed of the same vulnerability knows still leads to all of its entries.
#[test]
fn any_name_will_do() {
    let world = World::language(PackageType::Pypi)
        .feed("ghsa", "2024-07-01", &[("pypi", Level::Full)])
        .says("osv-pypi", alias(advisory("PYSEC-2024-1", affected("pypi", "django", "3.0")), &["CVE-2024-1111"]))
        .says("ghsa", alias(advisory("GHSA-aaaa-bbbb-cccc", affected("pypi", "django", "4.0")), &["CVE-2024-1111"]))
        .has(package(PackageType::Pypi, "django", "3.2"));
    for id in ["CVE-2024-1111", "PYSEC-2024-1", "GHSA-aaaa-bbbb-cccc"] {
        let answers: Vec<Answer> = world.explained(id).into_iter().map(|one| one.answer).collect();
        assert_eq!(answers, [Answer::Matched, Answer::NotMatched], "{id}");
    }
}

#[test]
fn the_end_of_life() {
    let world = World::new("ID=debian\nVERSION_ID=\"10\"");
    assert_eq!(world.explained("PLIMSOLL-EOL:debian:10")[0].answer, Answer::Matched);
    assert_eq!(world.explained("PLIMSOLL-EOL:debian:12")[0].answer, Answer::NotMatched);
    assert_eq!(world.explained("PLIMSOLL-EOL:nothing:1")[0].answer, Answer::Undetermined);
}
