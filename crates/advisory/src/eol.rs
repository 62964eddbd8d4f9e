//! When distributions and run-times stop getting fixes from whoever makes them, without a paid extension: after that day a
//! scan that finds nothing proves nothing.
//!
//! The table is part of the program and dated ([`TABLE_DATE`]); each group of rows names where its dates come from.
//! Dates in the future are announcements, and vendors move them.

use model::package::PackageType;

/// The day up to which the announcements in the table were followed.
pub const TABLE_DATE: &str = "2026-08-22";

/// `(namespace, last day)`, as [`model::distro::Distro::namespace`] writes namespaces; sorted.
const DISTRIBUTIONS: &[(&str, &[(&str, &str)])] = &[
    // https://wiki.almalinux.org/release-notes/
    ("almalinux", &[("8", "2029-03-01"), ("9", "2032-05-31"), ("10", "2035-05-31")]),
    // https://alpinelinux.org/releases/
    (
        "alpine",
        &[
            ("3.3", "2017-11-01"),
            ("3.4", "2018-05-01"),
            ("3.5", "2018-11-01"),
            ("3.6", "2019-05-01"),
            ("3.7", "2019-11-01"),
            ("3.8", "2020-05-01"),
            ("3.9", "2020-11-01"),
            ("3.10", "2021-05-01"),
            ("3.11", "2021-11-01"),
            ("3.12", "2022-05-01"),
            ("3.13", "2022-11-01"),
            ("3.14", "2023-05-01"),
            ("3.15", "2023-11-01"),
            ("3.16", "2024-05-23"),
            ("3.17", "2024-11-22"),
            ("3.18", "2025-05-09"),
            ("3.19", "2025-11-01"),
            ("3.20", "2026-04-01"),
            ("3.21", "2026-11-01"),
            ("3.22", "2027-05-01"),
            ("3.23", "2027-11-01"),
        ],
    ),
    // https://aws.amazon.com/amazon-linux-2/faqs/, https://docs.aws.amazon.com/linux/al2023/ug/release-cadence.html
    ("amazon", &[("1", "2023-12-31"), ("2", "2026-06-30"), ("2023", "2029-06-30")]),
    // https://learn.microsoft.com/azure/azure-linux/release-cadence-lifecycle
    ("azurelinux", &[("3.0", "2027-08-31")]),
    // https://www.centos.org/cl-vs-cs/
    ("centos", &[("5", "2017-03-31"), ("6", "2020-11-30"), ("7", "2024-06-30"), ("8", "2021-12-31")]),
    ("centos-stream", &[("8", "2024-05-31"), ("9", "2027-05-31"), ("10", "2030-05-31")]),
    // https://www.debian.org/releases/ and https://wiki.debian.org/LTS: with the long-term support that is free to all.
    (
        "debian",
        &[
            ("3.0", "2006-06-30"),
            ("3.1", "2008-03-31"),
            ("4", "2010-02-15"),
            ("5", "2012-02-06"),
            ("6", "2016-02-29"),
            ("7", "2018-05-31"),
            ("8", "2020-06-30"),
            ("9", "2022-06-30"),
            ("10", "2024-06-30"),
            ("11", "2026-08-31"),
            ("12", "2028-06-30"),
            ("13", "2030-06-30"),
        ],
    ),
    // https://docs.fedoraproject.org/en-US/releases/
    (
        "fedora",
        &[
            ("30", "2020-05-26"),
            ("31", "2020-11-24"),
            ("32", "2021-05-25"),
            ("33", "2021-11-30"),
            ("34", "2022-06-07"),
            ("35", "2022-12-13"),
            ("36", "2023-05-16"),
            ("37", "2023-12-05"),
            ("38", "2024-05-21"),
            ("39", "2024-11-26"),
            ("40", "2025-05-13"),
            ("41", "2025-12-15"),
            ("42", "2026-05-13"),
            ("43", "2026-12-09"),
        ],
    ),
    ("mariner", &[("1.0", "2023-08-31"), ("2.0", "2025-07-31")]),
    // https://en.opensuse.org/Lifetime
    (
        "opensuse-leap",
        &[
            ("42.3", "2019-07-01"),
            ("15.0", "2019-12-03"),
            ("15.1", "2021-02-02"),
            ("15.2", "2022-01-04"),
            ("15.3", "2022-12-31"),
            ("15.4", "2023-12-07"),
            ("15.5", "2024-12-31"),
            ("15.6", "2026-04-30"),
            ("16.0", "2027-10-31"),
        ],
    ),
    // https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf: premier support.
    (
        "oracle",
        &[
            ("5", "2017-06-30"),
            ("6", "2021-03-31"),
            ("7", "2024-12-31"),
            ("8", "2029-07-31"),
            ("9", "2032-06-30"),
            ("10", "2035-06-30"),
        ],
    ),
    // https://blogs.vmware.com/vsphere (announcements of Photon OS)
    ("photon", &[("1.0", "2022-02-28"), ("2.0", "2022-12-01"), ("3.0", "2025-10-02"), ("4.0", "2027-10-11")]),
    // https://access.redhat.com/support/policy/updates/errata: maintenance support.
    (
        "rhel",
        &[
            ("5", "2017-03-31"),
            ("6", "2020-11-30"),
            ("7", "2024-06-30"),
            ("8", "2029-05-31"),
            ("9", "2032-05-31"),
            ("10", "2035-05-31"),
        ],
    ),
    // https://wiki.rockylinux.org/rocky/version/
    ("rocky", &[("8", "2029-05-31"), ("9", "2032-05-31"), ("10", "2035-05-31")]),
    // https://www.suse.com/lifecycle: general support.
    (
        "sles",
        &[
            ("11.4", "2019-03-31"),
            ("12", "2016-06-30"),
            ("12.1", "2017-05-31"),
            ("12.2", "2018-03-31"),
            ("12.3", "2019-06-30"),
            ("12.4", "2020-06-30"),
            ("12.5", "2024-10-31"),
            ("15", "2019-12-31"),
            ("15.1", "2021-01-31"),
            ("15.2", "2021-12-31"),
            ("15.3", "2022-12-31"),
            ("15.4", "2023-12-31"),
            ("15.5", "2024-12-31"),
            ("15.6", "2025-12-31"),
            ("15.7", "2031-07-31"),
        ],
    ),
    // https://wiki.ubuntu.com/Releases: standard support.
    (
        "ubuntu",
        &[
            ("12.04", "2017-04-28"),
            ("14.04", "2019-04-02"),
            ("16.04", "2021-04-02"),
            ("16.10", "2017-07-20"),
            ("17.04", "2018-01-13"),
            ("17.10", "2018-07-19"),
            ("18.04", "2023-05-31"),
            ("18.10", "2019-07-18"),
            ("19.04", "2020-01-23"),
            ("19.10", "2020-07-06"),
            ("20.04", "2025-05-31"),
            ("20.10", "2021-07-22"),
            ("21.04", "2022-01-20"),
            ("21.10", "2022-07-14"),
            ("22.04", "2027-04-01"),
            ("22.10", "2023-07-20"),
            ("23.04", "2024-01-20"),
            ("23.10", "2024-07-12"),
            ("24.04", "2029-05-31"),
            ("24.10", "2025-07-10"),
            ("25.04", "2026-01-17"),
            ("25.10", "2026-07-01"),
            ("26.04", "2031-04-30"),
        ],
    ),
];

/// A run-time's release lines: `(first parts of the version, last day)`.
type Lines = &'static [(&'static str, &'static str)];

// https://devguide.python.org/versions/
const PYTHON: Lines = &[
    ("2.6", "2013-10-29"),
    ("2.7", "2020-01-01"),
    ("3.3", "2017-09-29"),
    ("3.4", "2019-03-18"),
    ("3.5", "2020-09-13"),
    ("3.6", "2021-12-23"),
    ("3.7", "2023-06-27"),
    ("3.8", "2024-10-07"),
    ("3.9", "2025-10-31"),
    ("3.10", "2026-10-31"),
    ("3.11", "2027-10-31"),
    ("3.12", "2028-10-31"),
    ("3.13", "2029-10-31"),
    ("3.14", "2030-10-31"),
];

// https://github.com/nodejs/Release/blob/main/schedule.json
const NODE: Lines = &[
    ("0", "2016-12-31"),
    ("4", "2018-04-30"),
    ("5", "2016-06-30"),
    ("6", "2019-04-30"),
    ("7", "2017-06-30"),
    ("8", "2019-12-31"),
    ("9", "2018-06-30"),
    ("10", "2021-04-30"),
    ("11", "2019-06-30"),
    ("12", "2022-04-30"),
    ("13", "2020-06-01"),
    ("14", "2023-04-30"),
    ("15", "2021-06-01"),
    ("16", "2023-09-11"),
    ("17", "2022-06-01"),
    ("18", "2025-04-30"),
    ("19", "2023-06-01"),
    ("20", "2026-04-30"),
    ("21", "2024-06-01"),
    ("22", "2027-04-30"),
    ("23", "2025-06-01"),
    ("24", "2028-04-30"),
    ("25", "2026-06-01"),
];

// https://www.php.net/supported-versions.php, https://www.php.net/eol.php
const PHP: Lines = &[
    ("5.2", "2011-01-06"),
    ("5.3", "2014-08-14"),
    ("5.4", "2015-09-14"),
    ("5.5", "2016-07-21"),
    ("5.6", "2018-12-31"),
    ("7.0", "2019-01-10"),
    ("7.1", "2019-12-01"),
    ("7.2", "2020-11-30"),
    ("7.3", "2021-12-06"),
    ("7.4", "2022-11-28"),
    ("8.0", "2023-11-26"),
    ("8.1", "2025-12-31"),
    ("8.2", "2026-12-31"),
    ("8.3", "2027-12-31"),
    ("8.4", "2028-12-31"),
    ("8.5", "2029-12-31"),
];

// https://www.ruby-lang.org/en/downloads/branches/
const RUBY: Lines = &[
    ("1.9", "2015-02-23"),
    ("2.0", "2016-02-24"),
    ("2.1", "2017-03-31"),
    ("2.2", "2018-03-31"),
    ("2.3", "2019-03-31"),
    ("2.4", "2020-03-31"),
    ("2.5", "2021-03-31"),
    ("2.6", "2022-03-31"),
    ("2.7", "2023-03-31"),
    ("3.0", "2024-04-23"),
    ("3.1", "2025-03-31"),
    ("3.2", "2026-03-31"),
    ("3.3", "2027-03-31"),
    ("3.4", "2028-03-31"),
    ("4.0", "2029-03-31"),
];

// https://go.dev/doc/devel/release: a release ends with the second one after it.
const GO: Lines = &[
    ("1.10", "2019-02-25"),
    ("1.11", "2019-09-03"),
    ("1.12", "2020-02-25"),
    ("1.13", "2020-08-11"),
    ("1.14", "2021-02-16"),
    ("1.15", "2021-08-16"),
    ("1.16", "2022-03-15"),
    ("1.17", "2022-08-02"),
    ("1.18", "2023-02-01"),
    ("1.19", "2023-08-08"),
    ("1.20", "2024-02-06"),
    ("1.21", "2024-08-13"),
    ("1.22", "2025-02-11"),
    ("1.23", "2025-08-12"),
    ("1.24", "2026-02-11"),
];

// https://adoptium.net/support/: the long-term releases of the free builds, and the short-lived ones between them.
const JAVA: Lines = &[
    ("7", "2022-07-31"),
    ("8", "2030-12-31"),
    ("9", "2018-03-20"),
    ("10", "2018-09-25"),
    ("11", "2027-10-31"),
    ("12", "2019-09-17"),
    ("13", "2020-03-17"),
    ("14", "2020-09-15"),
    ("15", "2021-03-16"),
    ("16", "2021-09-30"),
    ("17", "2027-10-31"),
    ("18", "2022-09-30"),
    ("19", "2023-03-31"),
    ("20", "2023-09-19"),
    ("21", "2029-12-31"),
    ("22", "2024-09-17"),
    ("23", "2025-03-18"),
    ("24", "2025-09-16"),
];

// https://dotnet.microsoft.com/platform/support/policy/dotnet-core
const DOTNET: Lines = &[
    ("1.0", "2019-06-27"),
    ("1.1", "2019-06-27"),
    ("2.0", "2018-10-01"),
    ("2.1", "2021-08-21"),
    ("2.2", "2019-12-23"),
    ("3.0", "2020-03-03"),
    ("3.1", "2022-12-13"),
    ("5", "2022-05-10"),
    ("6", "2024-11-12"),
    ("7", "2024-05-14"),
    ("8", "2026-11-10"),
    ("9", "2026-11-10"),
    ("10", "2028-11-14"),
];

/// The last day, `YYYY-MM-DD`, on which a distribution's release gets fixes from its maker free of charge. `None` for
/// rolling releases and those not in the table. A channel after `+` (`ubuntu:18.04+esm`) is paid for: `None`.
pub fn distro_eol(namespace: &str) -> Option<&'static str> {
    let (id, release) = namespace.split_once(':')?;
    let (_, releases) = DISTRIBUTIONS.iter().find(|(known, _)| *known == id)?;
    releases.iter().find(|(known, _)| *known == release).map(|(_, day)| *day)
}

/// The same for the release line of a language's run-time, by the names that packages of run-times have: programs
/// (`python`, `node`, `php`, `ruby`, `java`, `openjdk`, `dotnet`, `go`), Go's `stdlib`, .NET's shared framework. `None`
/// for everything else: a run-time that a distribution packages is maintained by the distribution.
pub fn runtime_eol(kind: PackageType, name: &str, version: &str) -> Option<&'static str> {
    let lines = match (kind, name) {
        (PackageType::Golang, "stdlib") => GO,
        (PackageType::Nuget, name) if name.to_ascii_lowercase().starts_with("microsoft.netcore.app") => DOTNET,
        (PackageType::Bitnami | PackageType::Dhi | PackageType::Generic, name) => match name {
            "python" => PYTHON,
            "node" | "nodejs" => NODE,
            "php" => PHP,
            "ruby" => RUBY,
            "go" | "golang" => GO,
            "java" | "openjdk" | "jdk" | "jre" | "java-min" => JAVA,
            "dotnet" | "dotnet-sdk" | "aspnet-core" => DOTNET,
            _ => return None,
        },
        _ => return None,
    };
    let version = version.trim_start_matches("go").trim_start_matches('v');
    // Java 8 calls itself 1.8.
    let version = if lines.as_ptr() == JAVA.as_ptr() { version.strip_prefix("1.").unwrap_or(version) } else { version };
    lines.iter().find(|(line, _)| starts_with_line(version, line)).map(|(_, day)| *day)
}

/// Whether a version belongs to a line: `3.10.4` to `3.10` and not to `3.1`.
fn starts_with_line(version: &str, line: &str) -> bool {
    version.strip_prefix(line).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions() {
        assert_eq!(distro_eol("debian:12"), Some("2028-06-30"));
        assert_eq!(distro_eol("alpine:3.10"), Some("2021-05-01"));
        assert_eq!(distro_eol("ubuntu:18.04"), Some("2023-05-31"));
        // Every release that counts by years up to 2018.03 is the first Amazon Linux.
        assert_eq!(distro_eol("amazon:1"), Some("2023-12-31"));
        for unknown in ["ubuntu:18.04+esm", "alpine:edge", "arch", "debian:sid", ""] {
            assert_eq!(distro_eol(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn run_times() {
        assert_eq!(runtime_eol(PackageType::Bitnami, "python", "3.10.4"), Some("2026-10-31"));
        assert_eq!(runtime_eol(PackageType::Bitnami, "node", "18.19.0"), Some("2025-04-30"));
        assert_eq!(runtime_eol(PackageType::Golang, "stdlib", "go1.20.3"), Some("2024-02-06"));
        assert_eq!(runtime_eol(PackageType::Bitnami, "java", "1.8.0_392"), Some("2030-12-31"));
        assert_eq!(runtime_eol(PackageType::Bitnami, "python", "3.1.4"), None);
        assert_eq!(runtime_eol(PackageType::Deb, "python3.9", "3.9.2-1"), None);
    }

    #[test]
    fn every_date_is_one() {
        let rows = DISTRIBUTIONS
            .iter()
            .flat_map(|(_, rows)| *rows)
            .chain([PYTHON, NODE, PHP, RUBY, GO, JAVA, DOTNET].into_iter().flatten());
        for (release, day) in rows {
            assert!(day.parse::<jiff::civil::Date>().is_ok_and(|date| date.to_string() == *day), "{release}: {day}");
        }
    }
}
