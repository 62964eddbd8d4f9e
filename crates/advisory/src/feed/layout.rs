//! Which feed a file of a folder of feeds belongs to, and which parser reads it. Adding a feed is adding a parser and a
//! line here.

use model::coverage::Level;

use super::{
    Parser, almalinux, alpine, amazon, arch, csaf, cve, cvrf, debian, debian_tracker, elixir, epss, exploit, fedora, gitlab,
    hydra, kev, mirror, nodejs, nvd, openvex, osv, oval, photon, php, retirejs, ruby, ubuntu_tracker, updateinfo, victims,
};

/// How a feed's file holds its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The file is one document.
    Document,
    /// A zip or tar archive; members whose names end so are documents.
    Archive(&'static str),
}

/// Where one kind of feed file lies and how it is read.
pub struct Feed {
    /// The feed's name in reports; a `*` is replaced by what `place`'s first `*` stands for.
    pub name: &'static str,
    /// Path within the folder of feeds; `*` stands for part of one path element.
    pub place: &'static str,
    /// One document or many.
    pub shape: Shape,
    /// Reads a document.
    pub parse: Parser,
    /// How completely it speaks of a namespace.
    pub level: fn(&str) -> Level,
    /// Where upstream publishes it.
    pub home: &'static str,
}

fn full(_: &str) -> Level {
    Level::Full
}

fn fixed_only(_: &str) -> Level {
    Level::FixedOnly
}

fn partial(_: &str) -> Level {
    Level::Partial
}

const JSON: Shape = Shape::Archive(".json");
const YAML: Shape = Shape::Archive(".yaml");
const YML: Shape = Shape::Archive(".yml");
const XML: Shape = Shape::Archive(".xml");
/// Documents whose names have no ending.
const ANY: Shape = Shape::Archive("");
const ONE: Shape = Shape::Document;

/// One line of the table.
const fn feed(
    name: &'static str,
    place: &'static str,
    shape: Shape,
    parse: Parser,
    level: fn(&str) -> Level,
    home: &'static str,
) -> Feed {
    Feed { name, place, shape, parse, level, home }
}

/// Every feed file that is known. The first line that fits a path wins.
#[rustfmt::skip]
pub const FEEDS: &[Feed] = &[
    feed("almalinux-errata", "almalinux/*/errata.json*", ONE, almalinux::parse, fixed_only, "https://errata.almalinux.org/*/errata.json"),
    feed("alpine-secdb", "alpine/v*/*.json", ONE, alpine::parse, fixed_only, "https://secdb.alpinelinux.org/v*/*.json"),
    feed("alpine-secdb", "alpine/edge/*.json", ONE, alpine::parse, fixed_only, "https://secdb.alpinelinux.org/edge/*.json"),
    feed("alpine-secdb", "alpine/secdb-yaml.zip", YAML, alpine::parse_yaml, fixed_only, "https://gitlab.alpinelinux.org/alpine/infra/alpine-secdb"),
    feed("amazon", "amazon/*/ALAS*.html", ONE, amazon::parse_page, fixed_only, "https://alas.aws.amazon.com/*"),
    feed("amazon", "amazon/*/alas.rss", ONE, amazon::parse_index, fixed_only, "https://alas.aws.amazon.com/*/alas.rss"),
    feed("arch", "arch/all.json", ONE, arch::parse, full, "https://security.archlinux.org/all.json"),
    feed("azurelinux-oval", "azurelinux/*-oval.xml*", ONE, oval::parse, full, "https://github.com/microsoft/AzureLinuxVulnerabilityData"),
    feed("chainguard", "chainguard/security.json", ONE, alpine::parse, fixed_only, "https://packages.cgr.dev/chainguard/security.json"),
    feed("cve-data-enrichment", "cve/cve-data-enrichment.tar.zst", JSON, cve::count_enrichment, partial, "https://github.com/anchore/cve-data-enrichment"),
    feed("cve-poc-links", "exploit/cve-poc-links.jsonl*", ONE, exploit::parse_links, partial, "https://github.com/trickest/cve"),
    feed("debian-dla", "debian/data/DLA/list", ONE, debian::parse, fixed_only, "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DLA/list"),
    feed("debian-dsa", "debian/data/DSA/list", ONE, debian::parse, fixed_only, "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DSA/list"),
    feed("debian", "debian/tracker.json*", ONE, debian_tracker::parse, full, "https://security-tracker.debian.org/tracker/data/json"),
    feed("dhi-vex", "vex/docker-hardened-images-vex.tar.zst", JSON, openvex::parse, partial, "https://github.com/docker-hardened-images/advisories"),
    feed("elixir-security-advisories", "lang/elixir-security-advisories.tar.zst", YML, elixir::parse, full, "https://github.com/mirego/elixir-security-advisories"),
    feed("epss", "epss/epss_scores-current.csv*", ONE, epss::parse, partial, "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"),
    feed("fedora", "fedora/*.json", ONE, fedora::parse, fixed_only, "https://bodhi.fedoraproject.org/updates"),
    feed("gitlab-advisories", "lang/gitlab-advisories.tar.zst", YML, gitlab::parse, gitlab::level, "https://gitlab.com/gitlab-org/advisories-community"),
    feed("kev", "kev/known_exploited_vulnerabilities.json", ONE, kev::parse, partial, "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"),
    feed("malicious-packages", "osv/malicious-packages.tar.zst", JSON, osv::parse, partial, "https://github.com/ossf/malicious-packages"),
    feed("metasploit", "exploit/modules_metadata_base.json*", ONE, exploit::parse_metasploit, partial, "https://raw.githubusercontent.com/rapid7/metasploit-framework/master/db/modules_metadata_base.json"),
    feed("*-mirror", "mirror/*-*.json", ONE, mirror::parse, fixed_only, "the changelogs in the release's package mirror"),
    feed("nodejs-security-wg", "lang/nodejs-security-wg.tar.zst", JSON, nodejs::parse, partial, "https://github.com/nodejs/security-wg"),
    feed("nvd", "nvd/nvdcve-2.0-*.json*", ONE, nvd::parse, partial, "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-*.json.gz"),
    feed("nvd-data-overrides", "cve/nvd-data-overrides.tar.zst", JSON, nvd::parse_override, partial, "https://github.com/anchore/nvd-data-overrides"),
    feed("oracle-oval", "oracle/com.oracle.elsa-*.xml*", ONE, oval::parse, fixed_only, "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"),
    feed("osv-drupal", "osv/Drupal/all.zip", JSON, osv::parse, partial, "https://github.com/DrupalSecurityTeam/drupal-advisory-database"),
    feed("osv-seal", "osv/Seal/*.zip", JSON, osv::parse, partial, "https://vulnfeed.sealsecurity.io/v1/osv/renamed/vulnerabilities.zip"),
    feed("osv-*", "osv/*/all.zip", JSON, osv::parse, osv::ecosystem::level, "https://osv-vulnerabilities.storage.googleapis.com/*/all.zip"),
    feed("photon-oval", "photon/com.vmware.phsa-*.xml*", ONE, oval::parse, fixed_only, "https://packages.vmware.com/photon/photon_oval_definitions"),
    feed("photon", "photon/cve_data_photon*.json", ONE, photon::parse, full, "https://packages.vmware.com/photon/photon_cve_metadata"),
    feed("php-security-advisories", "lang/php-security-advisories.tar.zst", YAML, php::parse, full, "https://github.com/FriendsOfPHP/security-advisories"),
    feed("redhat-api", "redhat/api*.tar*", JSON, hydra::parse, full, "https://access.redhat.com/hydra/rest/securitydata"),
    feed("redhat-csaf", "redhat/csaf_*.tar*", JSON, csaf::parse, full, "https://security.access.redhat.com/data/csaf/v2/vex"),
    feed("redhat-oval", "redhat/*.oval.xml*", ONE, oval::parse, full, "https://security.access.redhat.com/data/oval/v2"),
    feed("retirejs", "lang/retirejs/jsrepository-*.json", ONE, retirejs::parse_libraries, partial, "https://github.com/RetireJS/retire.js/tree/master/repository"),
    feed("retirejs", "lang/retirejs/npmrepository.json", ONE, retirejs::parse_npm, partial, "https://github.com/RetireJS/retire.js/tree/master/repository"),
    feed("ruby-advisory-db", "lang/ruby-advisory-db.tar.zst", YML, ruby::parse, ruby::level, "https://github.com/rubysec/ruby-advisory-db"),
    feed("suse-csaf", "suse/csaf*.tar*", JSON, csaf::parse, full, "https://ftp.suse.com/pub/projects/security/csaf-vex.tar.bz2"),
    feed("suse-cvrf", "suse/cvrf*.tar*", XML, cvrf::parse, fixed_only, "https://ftp.suse.com/pub/projects/security/cvrf.tar.bz2"),
    feed("suse-cvrf", "suse/cvrf-*.xml*", ONE, cvrf::parse, fixed_only, "https://ftp.suse.com/pub/projects/security/cvrf"),
    feed("suse-oval", "suse/*suse*.xml*", ONE, oval::parse, full, "https://ftp.suse.com/pub/projects/security/oval"),
    feed("ubuntu-cve-tracker", "ubuntu/active/CVE-*", ONE, ubuntu_tracker::parse, full, "https://git.launchpad.net/ubuntu-cve-tracker"),
    feed("ubuntu-cve-tracker", "ubuntu/retired/CVE-*", ONE, ubuntu_tracker::parse, full, "https://git.launchpad.net/ubuntu-cve-tracker"),
    feed("ubuntu-cve-tracker", "ubuntu/ubuntu-cve-tracker*.tar*", ANY, ubuntu_tracker::parse, full, "https://git.launchpad.net/ubuntu-cve-tracker"),
    feed("updateinfo-*", "updateinfo/*/*updateinfo.xml*", ONE, updateinfo::parse, fixed_only, "repodata/updateinfo.xml.gz of the release's package mirror"),
    feed("vex", "vex/*.json", ONE, openvex::parse, partial, "https://openvex.dev"),
    feed("victims", "lang/victims-cve-db.tar.zst", YAML, victims::parse, partial, "https://github.com/victims/victims-cve-db"),
    feed("vulnrichment", "cve/vulnrichment.tar.zst", JSON, cve::parse, partial, "https://github.com/cisagov/vulnrichment"),
    feed("wolfi", "wolfi/security.json", ONE, alpine::parse, fixed_only, "https://packages.wolfi.dev/os/security.json"),
];

impl Feed {
    /// The feed that a path within the folder belongs to, and its name.
    pub fn of(path: &str) -> Option<(&'static Self, String)> {
        FEEDS.iter().find_map(|feed| {
            let star = matched(feed.place, path)?;
            let star = star.to_ascii_lowercase().replace([' ', ':', '/'], "-");
            Some((feed, feed.name.replace('*', &star)))
        })
    }
}

/// Whether a path fits a pattern; what its first `*` stands for.
fn matched<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let mut first = None;
    let (mut patterns, mut elements) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), elements.next()) {
            (None, None) => return Some(first.unwrap_or_default()),
            (Some(pattern), Some(element)) => {
                let star = matched_element(pattern, element)?;
                if pattern.contains('*') {
                    first.get_or_insert(star);
                }
            }
            _ => return None,
        }
    }
}

/// The same for one path element; a `*` stands for as little as possible, the last one for the rest.
fn matched_element<'p>(pattern: &str, element: &'p str) -> Option<&'p str> {
    let Some((prefix, rest)) = pattern.split_once('*') else { return (pattern == element).then_some("") };
    let element = element.strip_prefix(prefix)?;
    if !rest.contains('*') {
        return element.strip_suffix(rest);
    }
    let middle = rest.split('*').next().unwrap_or_default();
    element.match_indices(middle).find_map(|(at, _)| {
        matched_element(rest, element.get(at..)?)?;
        element.get(..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_feeds() {
        for (path, expected) in [
            ("osv/PyPI/all.zip", Some("osv-pypi")),
            ("osv/Rocky Linux/all.zip", Some("osv-rocky-linux")),
            ("osv/Drupal/all.zip", Some("osv-drupal")),
            ("osv/Seal/vulnerabilities.zip", Some("osv-seal")),
            ("osv/Seal/all.zip", Some("osv-seal")),
            ("alpine/v3.10/main.json", Some("alpine-secdb")),
            ("alpine/v3.10/sub/main.json", None),
            ("amazon/AL2/alas.rss", Some("amazon")),
            ("amazon/AL2023/ALAS2023-2023-126.html", Some("amazon")),
            ("debian/data/DSA/list", Some("debian-dsa")),
            ("azurelinux/azurelinux-3.0-oval.xml.zst", Some("azurelinux-oval")),
            ("photon/com.vmware.phsa-photon3.xml.zst", Some("photon-oval")),
            ("suse/suse.linux.enterprise.server.15.xml.gz", Some("suse-oval")),
            ("suse/cvrf.tar.bz2", Some("suse-cvrf")),
            ("suse/cvrf-suse-su-2019-14018-1.xml", Some("suse-cvrf")),
            ("ubuntu/active/CVE-2022-31258", Some("ubuntu-cve-tracker")),
            ("ubuntu/ubuntu-cve-tracker.tar.zst", Some("ubuntu-cve-tracker")),
            ("updateinfo/amazon-2023/updateinfo.xml.gz", Some("updateinfo-amazon-2023")),
            ("mirror/debian-12.json", Some("debian-mirror")),
            ("README.md", None),
        ] {
            assert_eq!(Feed::of(path).map(|(_, name)| name).as_deref(), expected, "{path}");
        }
    }
}
