//! What users of other scanners complain about, one case each. The numbers are those of their issues.

use model::advisory::Affected;
use model::coverage::Level;
use model::package::PackageType;
use model::severity::{Cvss, Rating, Severity};

use crate::world::*;

/// grype#1248, #1301, #1071 and a dozen more: a jar whose name resembles a product gets that product's vulnerabilities.
#[test]
fn jar_name_collides_with_another_product() {
    let mut bare = package(PackageType::Maven, "redis", "3.0.0");
    bare.unjudged = Some("jar without coordinates".into());
    let world = World::language(PackageType::Maven)
        .feed("osv-bitnami", "2024-07-01", &[("bitnami", Level::Full)])
        .says("osv-bitnami", advisory("CVE-2024-0001", affected("bitnami", "redis", "7.0.0")))
        .says("osv-maven", advisory("CVE-2024-0002", affected("maven", "redis", "7.0.0")))
        .has(package(PackageType::Maven, "redis.clients:jedis", "3.0.0"))
        .has(bare);
    assert_eq!(world.ids(), [""; 0]);
    assert_eq!(world.counts("maven"), (1, 1, 0, vec!["redis: jar without coordinates".into()]));
}

/// grype#1536, #1873, #3405: a Python package that SUSE patched is reported by its upstream version.
#[test]
fn distro_owned_language_package_is_counted_twice() {
    let mut owned = package(PackageType::Pypi, "requests", "2.25.1");
    owned.owned_by = Some("python3-requests".into());
    let world = World::new("ID=sles\nVERSION_ID=\"15.5\"")
        .feed("suse", "2024-07-01", &[("sles:15.5", Level::Full)])
        .feed("osv-pypi", "2024-07-01", &[("pypi", Level::Full)])
        .says("osv-pypi", advisory("CVE-2023-32681", affected("pypi", "requests", "2.31.0")))
        .says("suse", advisory("CVE-2023-32681", affected("sles:15.5", "python3-requests", "2.25.1-150300.3.3.1")))
        .has(rpm("python3-requests", "2.25.1-150300.3.6.1"))
        .has(owned);
    assert_eq!(world.ids(), [""; 0]);
    let reason = "1 package in files of distribution packages, which their vendor alone judges";
    assert_eq!(world.counts("pypi"), (0, 1, 0, vec![reason.into()]));
    assert_eq!(world.counts("rpm"), (1, 0, 0, Vec::new()));
}

/// grype#3672: advisories for wheels that bundle a C library hit the distribution's rpm of the Python package.
#[test]
fn wheel_advisory_hits_distro_package() {
    let world = World::new("ID=rocky\nVERSION_ID=\"9.4\"")
        .feed("rocky", "2024-07-01", &[("rocky:9", Level::FixedOnly)])
        .feed("osv-pypi", "2024-07-01", &[("pypi", Level::Full)])
        .says("osv-pypi", advisory("PYSEC-2024-1", affected("pypi", "python3-cryptography", "42.0.0")))
        .has(rpm("python3-cryptography", "36.0.1-4.el9"));
    assert_eq!(world.ids(), [""; 0]);
}

/// grype#942, trivy: `linux-libc-dev` brings thousands of kernel findings into images without a kernel.
#[test]
fn kernel_headers_inherit_the_kernel() {
    let mut world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-1086", affected("debian:12", "linux", "6.1.76-1")))
        .has(from_source(deb("linux-libc-dev", "6.1.69-1"), "linux", "6.1.69-1"))
        .has(from_source(deb("linux-image-6.1.0-17-amd64", "6.1.69-1"), "linux", "6.1.69-1"));
    assert_eq!(world.finding().package, "linux-image-6.1.0-17-amd64");
    let reason = "linux-libc-dev: header files of the kernel, which carry none of its vulnerabilities";
    assert_eq!(world.counts("deb"), (1, 1, 0, vec![reason.into()]));
    world.options.kernel_headers = true;
    assert_eq!(world.ids().len(), 2);
}

/// grype#376, #2242: every subpackage of an RPM source is reported, though the erratum names one.
#[test]
fn source_fans_out_to_all_rpm_binaries() {
    let world = World::new("ID=almalinux\nVERSION_ID=\"9.4\"")
        .feed("osv-almalinux", "2024-07-01", &[("almalinux:9", Level::FixedOnly)])
        .says("osv-almalinux", advisory("CVE-2023-47038", affected("almalinux:9", "perl-libs", "4:5.32.1-481.el9")))
        .has(from_source(rpm("perl-Pod-Escapes", "1:1.07-460.el9"), "perl-libs", "1.07-460.el9"))
        .has(from_source(rpm("perl-libs", "4:5.32.1-480.el9"), "perl", "5.32.1-480.el9"));
    assert_eq!(world.finding().package, "perl-libs");
}

/// dependency-track#6132: advisories of the source package never reach its binaries.
#[test]
fn source_package_is_not_looked_up() {
    let world = World::debian()
        .says(
            "debian-dsa",
            erratum(advisory("CVE-2024-5535", affected("debian:12", "openssl", "3.0.14-1~deb12u1")), "DSA-5764-1"),
        )
        .has(from_source(deb("libssl3", "3.0.13-1~deb12u1"), "openssl", "3.0.13-1~deb12u1"));
    let finding = world.finding();
    assert_eq!((finding.package.as_str(), finding.version.as_str()), ("libssl3", "3.0.13-1~deb12u1"));
    assert_eq!(finding.evidence[0].range, "openssl < 3.0.14-1~deb12u1 (debian-dsa, DSA-5764-1)");
    assert_eq!(finding.aliases, ["DSA-5764-1"]);
}

/// A binary whose version is not its source's (binary rebuilds, gcc, perl modules): the source's counts.
#[test]
fn binary_version_is_compared_with_source_versions() {
    let world = World::debian()
        .says("debian-dsa", advisory("CVE-2024-0003", affected("debian:12", "gcc-defaults", "1.204")))
        .has(from_source(deb("gcc", "4:12.2.0-3"), "gcc-defaults", "1.203"));
    assert_eq!(world.ids(), ["CVE-2024-0003"]);
}

/// grype#820, vunnel#443: module streams are mixed up.
#[test]
fn module_streams_are_mixed_up() {
    let entry = |stream: &str, fixed: &str| Affected { module: Some(stream.into()), ..affected("rhel:8", "nodejs", fixed) };
    let mut node = rpm("nodejs", "1:18.19.0-1.module+el8.9.0+21001");
    node.module = Some("nodejs:18:8090020240101:a75119d5:x86_64".into());
    let world = World::new("ID=rhel\nVERSION_ID=\"8.9\"")
        .feed("redhat", "2024-07-01", &[("rhel:8", Level::Full)])
        .says("redhat", advisory("CVE-2024-0020", entry("nodejs:20", "1:20.11.1-1.module+el8.9.0+21380")))
        .says("redhat", advisory("CVE-2024-0018", entry("nodejs:18", "1:18.19.1-1.module+el8.9.0+21380")))
        .has(node);
    assert_eq!(world.ids(), ["CVE-2024-0018"]);
}

/// grype#1863, trivy#10036: a main module without a version is silently clean, or affected by everything.
#[test]
fn go_main_module_is_devel() {
    let world = World::language(PackageType::Golang)
        .says("osv-golang", advisory("CVE-2024-0004", affected("golang", "github.com/traefik/traefik/v2", "2.11.2")))
        .has(package(PackageType::Golang, "github.com/traefik/traefik/v2", "(devel)"))
        .has(package(PackageType::Golang, "example.org/mine", "(devel)"));
    assert_eq!(world.ids(), [""; 0]);
    let reason = "github.com/traefik/traefik/v2 (devel): no version to compare";
    // Nothing speaks of the other one, whatever its version.
    assert_eq!(world.counts("golang"), (1, 0, 1, vec![reason.into()]));
}

/// clair#754: secdb lists fixed vulnerabilities alone, and nobody says so.
#[test]
fn alpine_knows_fixed_vulnerabilities_alone() {
    let alpine = || {
        World::new("ID=alpine\nVERSION_ID=3.20.1")
            .feed("alpine-secdb", "2024-07-01", &[("alpine:3.20", Level::FixedOnly)])
            .has(from_source(package(PackageType::Apk, "libcrypto3", "3.3.0-r0"), "openssl", "3.3.0-r0"))
    };
    assert_eq!(alpine().coverage("apk").level, Level::FixedOnly);
    let world = alpine().says("alpine-secdb", advisory("CVE-2024-4741", affected("alpine:3.20", "openssl", "3.3.1-r0")));
    assert_eq!(world.finding().fixed_in, ["3.3.1-r0"]);
}

/// Alpine's `0` means "never affected", and other feeds of the release must not bring the vulnerability back.
#[test]
fn alpine_zero_means_not_affected() {
    let world = World::new("ID=alpine\nVERSION_ID=3.20.1")
        .feed("alpine-secdb", "2024-07-01", &[("alpine:3.20", Level::FixedOnly)])
        .feed("osv-alpine", "2024-07-01", &[("alpine:3.20", Level::FixedOnly)])
        .says("alpine-secdb", advisory("CVE-2019-14697", not_affected("alpine:3.20", "busybox")))
        .says("osv-alpine", alias(advisory("ALPINE-1", affected("alpine:3.20", "busybox", "1.99")), &["CVE-2019-14697"]))
        .has(package(PackageType::Apk, "busybox", "1.36.1-r29"));
    assert_eq!(world.ids(), [""; 0]);
}

/// grype#1446, #918: an ended or unknown release yields a silent zero.
#[test]
fn ended_or_unknown_release_is_a_silent_zero() {
    let world = World::new("ID=debian\nVERSION_ID=\"10\"\nPRETTY_NAME=\"Debian GNU/Linux 10 (buster)\"")
        .feed("debian-dla", "2024-07-01", &[("debian:10", Level::FixedOnly)])
        .has(deb("bash", "5.0-4"));
    let finding = world.finding();
    assert_eq!((finding.id.as_str(), finding.purl.as_str()), ("PLIMSOLL-EOL:debian:10", "pkg:generic/debian@10"));
    assert_eq!(finding.kind.name(), "end_of_life");
    let (judged, unjudged, undetermined, reasons) = world.counts("deb");
    assert_eq!((judged, unjudged, undetermined), (0, 0, 1));
    assert!(reasons[0].starts_with("debian:10 gets no more fixes since "), "{reasons:?}");

    // Nothing has to be left of the release for it to have ended.
    assert_eq!(World::new("ID=debian\nVERSION_ID=\"10\"").ids(), ["PLIMSOLL-EOL:debian:10"]);

    for os_release in ["", "ID=kali\nID_LIKE=debian\nVERSION_ID=\"2024.1\""] {
        let world = World::new(os_release).has(deb("bash", "5.2-1"));
        let (judged, unjudged, undetermined, reasons) = world.counts("deb");
        assert_eq!((judged, unjudged, undetermined, reasons.len()), (0, 0, 1, 1), "{os_release} {reasons:?}");
        assert_eq!(world.coverage("deb").level, Level::None);
    }
}

/// grype#1446: testing and sid have no `VERSION_ID`.
#[test]
fn sid_has_no_version_id() {
    let world = World::new("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux trixie/sid\"")
        .feed("debian", "2024-07-01", &[("debian:sid", Level::Full)])
        .says("debian", advisory("CVE-2024-0005", affected("debian:sid", "bash", "5.3-1")))
        .has(deb("bash", "5.2-1"));
    assert_eq!(world.ids(), ["CVE-2024-0005"]);
}

/// trivy#2085, #10778: one image, several answers.
#[test]
fn order_of_feeds_and_packages_shows() {
    let advisories = [
        ("debian-dsa", advisory("CVE-2024-0006", affected("debian:12", "curl", "8.0"))),
        ("debian-lts", alias(advisory("X-1", affected("debian:12", "curl", "9.0")), &["CVE-2024-0006"])),
        ("debian-dsa", advisory("CVE-2024-0007", affected("debian:12", "bash", "6.0"))),
    ];
    let packages = [deb("curl", "7.0"), deb("bash", "5.0"), from_source(deb("libcurl4", "7.0"), "curl", "7.0")];
    let forward = advisories.iter().fold(World::debian(), |world, (feed, advisory)| world.says(feed, advisory.clone()));
    let forward = packages.iter().fold(forward, |world, package| world.has(package.clone()));
    let backward = advisories.iter().rev().fold(World::debian(), |world, (feed, advisory)| world.says(feed, advisory.clone()));
    let backward = packages.iter().rev().fold(backward, |world, package| world.has(package.clone()));
    assert_eq!(forward.matched(), backward.matched());
    assert_eq!(forward.matched().findings.len(), 3);
}

/// trivy#4781, sonic-buildimage#28406: an SBOM without `os-release` loses the distribution, and all its packages.
#[test]
fn sbom_packages_carry_their_own_distribution() {
    let mut curl = deb("curl", "7.0");
    curl.distro = Some("debian-12".into());
    let world = World::new("")
        .feed("debian-dsa", "2024-07-01", &[("debian:12", Level::FixedOnly)])
        .says("debian-dsa", advisory("CVE-2024-0008", affected("debian:12", "curl", "8.0")))
        .has(curl);
    assert_eq!(world.ids(), ["CVE-2024-0008"]);
    assert_eq!(world.coverage("deb").release.as_deref(), Some("debian:12"));
}

/// dependency-track#4725: a fix of one release is held against another.
#[test]
fn release_is_ignored() {
    let world = World::debian()
        .feed("debian-lts", "2024-07-01", &[("debian:13", Level::FixedOnly)])
        .says("debian-lts", advisory("CVE-2024-0009", affected("debian:13", "curl", "8.8.0-1")))
        .has(deb("curl", "7.88.1-10+deb12u6"));
    assert_eq!(world.ids(), [""; 0]);
}

/// dependency-track#6156: an epoch is dropped on one side.
#[test]
fn epoch_is_dropped() {
    for (installed, found) in [("1:1.20.0-3.el9", false), ("1.99.0-3.el9", true)] {
        let world = World::new("ID=almalinux\nVERSION_ID=\"9.4\"")
            .feed("osv-almalinux", "2024-07-01", &[("almalinux:9", Level::FixedOnly)])
            .says("osv-almalinux", advisory("CVE-2024-0010", affected("almalinux:9", "nginx", "1:1.19.0-1.el9")))
            .has(rpm("nginx", installed));
        assert_eq!(!world.ids().is_empty(), found, "{installed}");
    }
}

/// trivy#3705, #9191: whose severity is it?
#[test]
fn severity_disagrees_and_nobody_says_whose_it_is() {
    let score = |source: &str, score: f64| Rating {
        source: source.into(),
        level: None,
        cvss: Some(Cvss { version: "3.1".into(), vector: format!("CVSS:3.1/{source}"), score, source: source.into() }),
    };
    let facts = model::advisory::CveFacts {
        id: "CVE-2024-0011".into(),
        ratings: vec![score("nvd", 9.8), score("cna", 5.0)],
        ..Default::default()
    };
    let mut rated = advisory("CVE-2024-0011", affected("debian:12", "curl", "8.0"));
    rated.ratings = vec![Rating { source: "debian".into(), level: Some(Severity::Negligible), cvss: None }];
    let unrated = advisory("CVE-2024-0011", affected("debian:12", "curl", "8.0"));
    for (advisory, severity, source) in [(rated, Severity::Negligible, "debian"), (unrated, Severity::Medium, "cna")] {
        let finding = World::debian().says("debian-dsa", advisory).facts(facts.clone()).has(deb("curl", "7.0")).finding();
        assert_eq!((finding.severity, finding.severity_source.as_str()), (severity, source));
        assert_eq!(finding.cvss.iter().map(|cvss| cvss.source.as_str()).collect::<Vec<_>>(), ["cna", "nvd"]);
    }
}

/// trivy#9916: Docker's own packages are held against Debian's feed, and what lies in their files is not looked at.
#[test]
fn third_party_package_is_judged_by_the_distribution() {
    let mut docker = deb("docker-ce", "5:24.0.7-1~debian.12~bookworm");
    docker.vendor = Some("Docker <support@docker.com>".into());
    let mut module = package(PackageType::Golang, "golang.org/x/net", "v0.17.0");
    module.owned_by = Some("docker-ce".into());
    let world = World::debian()
        .feed("osv-go", "2024-07-01", &[("golang", Level::Full)])
        .says("debian-dsa", advisory("CVE-2024-0012", affected("debian:12", "docker-ce", "5:25")))
        .says("osv-go", advisory("CVE-2023-45288", affected("golang", "golang.org/x/net", "0.23.0")))
        .has(docker)
        .has(module);
    assert_eq!(world.ids(), ["CVE-2023-45288"]);
    assert_eq!(world.counts("deb"), (0, 1, 0, vec!["docker-ce: not built by Debian".into()]));
}
