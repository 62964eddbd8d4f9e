//! Who built a package of a distribution's manager. A distribution's feed speaks of its own builds only.
//!
//! RPM packages say their vendor, and it must be the distribution's. Debian packages do not: maintainers of Debian
//! proper use addresses of every kind, so the rule is a list of known other builders, by the maintainer they write and
//! by the marks they put into versions. A stable update's own mark (`+deb12u3`) is Debian's whoever the maintainer is.

use model::distro::DEBIAN_RELEASES;
use model::package::{Package, PackageType};

/// Parts of `Maintainer`, `Vendor` or `Origin` (in lower case) that name builders other than Debian and Ubuntu. None of
/// them occurs in the archives of those two.
const OTHER_MAINTAINERS: [&str; 58] = [
    "@aerospike.com",
    "@amazon.com",
    "@amd.com",
    "@aquasec.com",
    "@arangodb.com",
    "@azul.com",
    "@bell-sw.com",
    "@brave.com",
    "@chef.io",
    "@clickhouse.com",
    "@cloudflare.com",
    "@cockroachlabs.com",
    "@confluent.io",
    "@containerd.io",
    "@couchbase.com",
    "@crowdstrike.com",
    "@dan.cx",
    "@datadoghq.com",
    "@docker.com",
    "@dotnetfoundation.org",
    "@elastic.co",
    "@elasticsearch.com",
    "@f5.com",
    "@falco.org",
    "@github.com",
    "@gitlab.com",
    "@grafana.com",
    "@hashicorp.com",
    "@influxdata.com",
    "@kubernetes.io",
    "@microsoft.com",
    "@mongodb.com",
    "@mozilla.com",
    "@neo4j.com",
    "@newrelic.com",
    "@nginx.com",
    "@nodesource.com",
    "@nvidia.com",
    "@opensearch.org",
    "@oss.oracle.com",
    "@percona.com",
    "@puppet.com",
    "@puppetlabs.com",
    "@rabbitmq.com",
    "@redis.com",
    "@redis.io",
    "@redislabs.com",
    "@scylladb.com",
    "@splunk.com",
    "@sysdig.com",
    "@tailscale.com",
    "@zabbix.com",
    "chromium-dev@chromium.org",
    "eclipse adoptium",
    "google cloud cli",
    "launchpad ppa",
    "lp-ppa",
    "maria-developers@lists.launchpad.net",
];

/// Marks in versions of other builders: PostgreSQL's own archive, NodeSource, Docker, Sury's PHP, MariaDB, MySQL, PPAs,
/// Raspberry Pi OS, Proxmox, Kali.
const OTHER_MARKS: [&str; 15] = [
    ".pgdg",
    "nodesource",
    "~debian.",
    "~ubuntu.",
    "+debian",
    "-1debian",
    "deb.sury.org",
    "+maria~",
    "ppa",
    "+rpt",
    "+rpi",
    "+pve",
    "~pve",
    "-pve",
    "kali",
];

/// Ubuntu's code names, which other builders put behind `~` or `+` (nginx.org, deadsnakes); Debian's stand in the model.
const UBUNTU_CODENAMES: [&str; 12] =
    ["trusty", "xenial", "bionic", "focal", "impish", "jammy", "kinetic", "lunar", "mantic", "noble", "oracular", "plucky"];

/// Whether somebody other than the distribution built this package, as far as the package says. Packages that say
/// nothing count as the distribution's.
pub(crate) fn is_third_party(package: &Package, distro: &str) -> bool {
    match package.kind {
        PackageType::Deb => is_foreign_deb(package, distro),
        PackageType::Rpm => is_foreign_rpm(package, distro),
        _ => false,
    }
}

fn is_foreign_deb(package: &Package, distro: &str) -> bool {
    let version = package.version.as_str();
    if is_stable_update(version) {
        return false;
    }
    let vendor = package.vendor.as_deref().unwrap_or_default().to_ascii_lowercase();
    vendor == "github"
        || OTHER_MAINTAINERS.iter().any(|part| vendor.contains(part))
        || OTHER_MARKS.iter().any(|mark| version.contains(mark))
        || (distro == "debian" && version.contains("ubuntu"))
        || has_codename(version)
}

/// `+deb12u3` or `~deb12u3`: the mark of Debian's security and stable updates.
fn is_stable_update(version: &str) -> bool {
    version.match_indices("deb").any(|(at, _)| {
        let marked = version[..at].ends_with(['+', '~']);
        let rest = version[at + 3..].trim_start_matches(|character: char| character.is_ascii_digit());
        let numbered = rest.len() < version.len() - at - 3;
        marked
            && numbered
            && rest.strip_prefix('u').is_some_and(|rest| rest.starts_with(|character: char| character.is_ascii_digit()))
    })
}

/// `1.25.3-1~bookworm`, `3.11.4-1+jammy1`: a code name behind `~` or `+`, with nothing but digits and dots after it.
fn has_codename(version: &str) -> bool {
    let Some(at) = version.rfind(['~', '+']) else { return false };
    let word = version[at + 1..].trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    DEBIAN_RELEASES.iter().map(|(name, _)| *name).chain(UBUNTU_CODENAMES).any(|name| name == word)
}

fn is_foreign_rpm(package: &Package, distro: &str) -> bool {
    let vendor = package.vendor.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    // RPM prints `(none)` for a tag that is not there.
    if vendor.is_empty() || vendor == "(none)" {
        return false;
    }
    let own: &[&str] = match distro {
        "almalinux" => &["almalinux"],
        "amzn" => &["amazon"],
        "azurelinux" | "mariner" => &["microsoft"],
        "centos" => &["centos"],
        "fedora" => &["fedora project"],
        "mageia" => &["mageia"],
        "ol" => &["oracle america"],
        "photon" => &["vmware", "broadcom"],
        "rhel" => &["red hat"],
        "rocky" => &["rocky"],
        "opensuse-leap" | "opensuse-tumbleweed" | "sles" | "sled" | "sles_sap" | "sle_hpc" | "sl-micro" | "sle-micro" => {
            &["suse", "opensuse"]
        }
        _ => return false,
    };
    !own.iter().any(|name| vendor.starts_with(name))
}

/// The name of the distribution's makers, as sentences use it.
pub(crate) fn distributor(id: &str) -> &str {
    match id {
        "almalinux" => "AlmaLinux",
        "amzn" => "Amazon",
        "azurelinux" | "mariner" => "Microsoft",
        "centos" => "CentOS",
        "debian" => "Debian",
        "fedora" => "Fedora",
        "ol" => "Oracle",
        "opensuse-leap" | "opensuse-tumbleweed" => "openSUSE",
        "photon" => "VMware",
        "rhel" => "Red Hat",
        "rocky" => "Rocky Linux",
        "sles" | "sled" | "sles_sap" | "sle_hpc" | "sl-micro" | "sle-micro" => "SUSE",
        "ubuntu" => "Ubuntu",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(kind: PackageType, version: &str, vendor: &str) -> Package {
        let mut package = Package::new(kind, "x", version, "test");
        package.vendor = (!vendor.is_empty()).then(|| vendor.to_owned());
        package
    }

    #[test]
    fn debian_builds() {
        for (distro, version, maintainer, foreign) in [
            ("debian", "3.0.11-1~deb12u2", "Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>", false),
            ("debian", "5.36.0-7", "Niko Tyni <ntyni@iki.fi>", false),
            ("debian", "1:9.2p1-2+deb12u3", "", false),
            ("debian", "1.2-3+b1", "A Person <a.person@gmail.com>", false),
            ("debian", "3.0.14-1~bpo12+1", "Debian", false),
            ("debian", "5:24.0.7-1~debian.12~bookworm", "Docker <support@docker.com>", true),
            ("debian", "1.7.2-1", "Containerd team <help@containerd.io>", true),
            ("debian", "15.4-1.pgdg120+1", "Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>", true),
            ("debian", "18.19.0-1nodesource1", "", true),
            ("debian", "1.25.3-1~bookworm", "NGINX Packaging", true),
            ("debian", "8.2.10-2+0~20230905.9+debian12~1.gbp1", "", true),
            ("debian", "12.2.140-1", "cudatools <cudatools@nvidia.com>", true),
            ("debian", "528.0.0-0", "Google Cloud CLI Authors <https://code.google.com/p/google-cloud-sdk/>", true),
            ("debian", "2.40.1", "GitHub", true),
            ("debian", "1.1.1-1ubuntu2", "", true),
            ("ubuntu", "1.1.1-1ubuntu2", "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", false),
            ("ubuntu", "3.11.4-1+jammy1", "Matthias Klose <doko@debian.org>", true),
            ("ubuntu", "1.0-0ppa1~22.04", "", true),
            ("ubuntu", "17.0.9+9-1~22.04", "", false),
            ("ubuntu", "5:24.0.7-1~ubuntu.22.04~jammy", "", true),
        ] {
            assert_eq!(
                is_third_party(&package(PackageType::Deb, version, maintainer), distro),
                foreign,
                "{version} {maintainer}"
            );
        }
    }

    #[test]
    fn rpm_builds() {
        for (distro, vendor, foreign) in [
            ("almalinux", "AlmaLinux", false),
            ("almalinux", "Fedora Project", true),
            ("almalinux", "", false),
            ("almalinux", "(none)", false),
            ("rhel", "Red Hat, Inc.", false),
            ("rhel", "NVIDIA", true),
            ("rocky", "Rocky Enterprise Software Foundation", false),
            ("sles", "SUSE LLC <https://www.suse.com/>", false),
            ("opensuse-leap", "openSUSE", false),
            ("amzn", "Amazon Linux", false),
            ("photon", "VMware, Inc.", false),
            ("azurelinux", "Microsoft Corporation", false),
            ("ol", "Oracle America", false),
        ] {
            assert_eq!(is_third_party(&package(PackageType::Rpm, "1-1", vendor), distro), foreign, "{distro} {vendor}");
        }
    }
}
