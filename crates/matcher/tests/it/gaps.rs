//! What a feed lost: a package is undetermined by itself, and its neighbours are judged all the same.

use advisory::build::EMBEDDED;
use model::advisory::{Advisory, Affected, Status};
use model::coverage::Level;
use model::package::PackageType;

use crate::world::*;

/// A mirror that fixed one thing in curl 8.0 and lost the changelog of openssl 3.0.9.
fn mirror() -> World {
    let gap = Affected { status: Status::Unread, ..affected("debian:12", "openssl", "3.0.9") };
    World::new("ID=debian\nVERSION_ID=\"12\"")
        .feed("debian-mirror", "2024-07-01", &[("debian:12", Level::FixedOnly)])
        .says("debian-mirror", advisory("CVE-2024-0001", affected("debian:12", "curl", "8.0")))
        .says("debian-mirror", Advisory { title: "openssl 3.0.9 was lost".into(), ..advisory("changelog of openssl", gap) })
        .has(deb("curl", "7.0"))
        .has(deb("bash", "5.0"))
}

#[test]
fn older_than_the_lost_version_is_undetermined() {
    let world = mirror().has(from_source(deb("libssl3", "3.0.8"), "openssl", "3.0.8"));
    assert_eq!(world.ids(), ["CVE-2024-0001"]);
    assert_eq!(world.counts("deb"), (2, 0, 1, vec!["openssl 3.0.9 was lost".to_owned()]));
}

#[test]
fn the_newest_version_is_judged() {
    let world = mirror().has(from_source(deb("libssl3", "3.0.9"), "openssl", "3.0.9"));
    assert_eq!(world.counts("deb"), (3, 0, 0, Vec::new()));
}

#[test]
fn another_feed_closes_the_gap_unless_it_knows_part_alone() {
    for (level, expected) in [(Level::FixedOnly, (3, 0)), (Level::Full, (3, 0)), (Level::Partial, (2, 1))] {
        let world = mirror().feed("other", "2024-07-01", &[("debian:12", level)]).has(deb("openssl", "3.0.8"));
        let (judged, _, undetermined, _) = world.counts("deb");
        assert_eq!((judged, undetermined), expected, "{level:?}");
    }
}

#[test]
fn the_embedded_set_finds_and_covers_nothing() {
    let world = World::new("")
        .feed(EMBEDDED, "2020-01-01", &[("pypi", Level::Partial)])
        .says(EMBEDDED, advisory("CVE-2024-0002", affected("pypi", "django", "4.0")))
        .has(package(PackageType::Pypi, "django", "3.2"))
        .has(package(PackageType::Pypi, "flask", "3.2"));
    assert_eq!(world.ids(), ["CVE-2024-0002"]);
    let reasons = vec!["only known-exploited vulnerabilities were looked for".to_owned()];
    assert_eq!(world.counts("pypi"), (0, 0, 2, reasons));

    // Where a feed speaks, it speaks alone of how much is known and how old that is.
    let world = world.feed("osv-pypi", "2024-07-01", &[("pypi", Level::Full)]);
    assert_eq!(world.ids(), ["CVE-2024-0002"]);
    assert_eq!(world.counts("pypi"), (2, 0, 0, Vec::new()));
    assert_eq!(world.coverage("pypi").feed.as_deref(), Some("osv-pypi"));
}
