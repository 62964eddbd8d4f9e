//! Where the feeds are published and where each file belongs in the folder of kept feeds.
//!
//! Feeds that are not here are read by `db build` as well, from wherever their files come: some have no address of their
//! own but a day's (Red Hat's CSAF archive), some are asked record by record (Fedora's updates).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::feed::Feed;

/// The name under which the settings give one address for the whole folder of feeds.
pub const BASE: &str = "base";
/// The first year that the NVD publishes a file of.
const NVD_FIRST_YEAR: i16 = 2002;

/// A file to be brought.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedFile {
    /// The feed's name.
    pub feed: String,
    /// Path in the folder of feeds.
    pub place: String,
    /// Where it is fetched from.
    pub address: String,
    /// SHA-256 in hexadecimal, where a list of checksums names it.
    pub sha256: Option<String>,
}

/// Files that are published under one address: its folder, what is below it and where that goes, and the terms.
struct Home {
    folder: &'static str,
    /// Name below `folder`, and path in the folder of feeds; equal where the second is empty.
    files: &'static [(&'static str, &'static str)],
    licence: &'static str,
}

const fn home(folder: &'static str, files: &'static [(&'static str, &'static str)], licence: &'static str) -> Home {
    Home { folder, files, licence }
}

/// OSV's ecosystems that packages found in images belong to.
const OSV: [&str; 20] = [
    "AlmaLinux",
    "Bitnami",
    "CRAN",
    "GHC",
    "Go",
    "Hackage",
    "Hex",
    "Maven",
    "NuGet",
    "Packagist",
    "Pub",
    "PyPI",
    "Red Hat",
    "Rocky Linux",
    "RubyGems",
    "SUSE",
    "Ubuntu",
    "crates.io",
    "npm",
    "openSUSE",
];
const OSV_HOME: &str = "https://osv-vulnerabilities.storage.googleapis.com";
const OSV_LICENCE: &str = "each record under its source's terms, CC-BY-4.0 or freer";
/// Alpine's release lines.
const ALPINE: [&str; 16] = [
    "edge", "v3.9", "v3.10", "v3.11", "v3.12", "v3.13", "v3.14", "v3.15", "v3.16", "v3.17", "v3.18", "v3.19", "v3.20", "v3.21",
    "v3.22", "v3.23",
];
const ALPINE_HOME: &str = "https://secdb.alpinelinux.org";
const NVD_HOME: &str = "https://nvd.nist.gov/feeds/json/cve/2.0";

/// Everything else; the folder is the address, and what is below it keeps its name unless another is given.
const HOMES: &[Home] = &[
    home("https://security.archlinux.org", &[("all.json", "arch/all.json")], "public facts"),
    home(
        "https://packages.cgr.dev/chainguard",
        &[("security.json", "chainguard/security.json")],
        "for use, not for redistribution",
    ),
    home("https://packages.wolfi.dev/os", &[("security.json", "wolfi/security.json")], "for use, not for redistribution"),
    home(
        "https://github.com/cisagov/vulnrichment/archive/refs/heads",
        &[("develop.tar.gz", "cve/vulnrichment.tar.zst")],
        "CC0-1.0",
    ),
    home(
        "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DLA",
        &[("list", "debian/data/DLA/list")],
        "public facts",
    ),
    home(
        "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DSA",
        &[("list", "debian/data/DSA/list")],
        "public facts",
    ),
    home("https://security-tracker.debian.org/tracker/data", &[("json", "debian/tracker.json")], "public facts"),
    home(
        "https://epss.empiricalsecurity.com",
        &[("epss_scores-current.csv.gz", "epss/epss_scores-current.csv.gz")],
        "free with attribution",
    ),
    home(
        "https://raw.githubusercontent.com/rapid7/metasploit-framework/master/db",
        &[("modules_metadata_base.json", "exploit/modules_metadata_base.json")],
        "BSD-3-Clause",
    ),
    home(
        "https://www.cisa.gov/sites/default/files/feeds",
        &[("known_exploited_vulnerabilities.json", "kev/known_exploited_vulnerabilities.json")],
        "CC0-1.0",
    ),
    home(
        "https://github.com/FriendsOfPHP/security-advisories/archive/refs/heads",
        &[("master.tar.gz", "lang/php-security-advisories.tar.zst")],
        "Unlicense",
    ),
    home(
        "https://github.com/nodejs/security-wg/archive/refs/heads",
        &[("main.tar.gz", "lang/nodejs-security-wg.tar.zst")],
        "MIT",
    ),
    home(
        "https://gitlab.com/gitlab-org/advisories-community/-/archive/main",
        &[("advisories-community-main.tar.gz", "lang/gitlab-advisories.tar.zst")],
        "MIT",
    ),
    home(
        "https://raw.githubusercontent.com/RetireJS/retire.js/master/repository",
        &[
            ("jsrepository-v4.json", "lang/retirejs/jsrepository-v4.json"),
            ("npmrepository.json", "lang/retirejs/npmrepository.json"),
        ],
        "Apache-2.0",
    ),
    home(
        "https://github.com/rubysec/ruby-advisory-db/archive/refs/heads",
        &[("master.tar.gz", "lang/ruby-advisory-db.tar.zst")],
        "public domain, in part OSVDB's terms",
    ),
    home(
        "https://linux.oracle.com/security/oval",
        &[("com.oracle.elsa-all.xml.bz2", "oracle/com.oracle.elsa-all.xml.bz2")],
        "public facts",
    ),
    home(
        "https://packages.vmware.com/photon/photon_cve_metadata",
        &[
            ("cve_data_photon4.0.json", "photon/cve_data_photon4.0.json"),
            ("cve_data_photon5.0.json", "photon/cve_data_photon5.0.json"),
        ],
        "public facts",
    ),
    home("https://ftp.suse.com/pub/projects/security", &[("csaf-vex.tar.bz2", "suse/csaf-vex.tar.bz2")], "CC-BY-4.0"),
];

/// Every file, sorted by feed; `settings` gives feeds other addresses: of the file, or, where a feed has several, of the
/// folder they lie in.
pub fn catalogue(settings: &BTreeMap<String, String>, now: Timestamp) -> Vec<FeedFile> {
    let mut files = Vec::new();
    let mut add = |folder: &str, below: &str, place: String, several: bool| {
        let feed = Feed::of(&place).map_or_else(String::new, |(_, name)| name);
        let address = match settings.get(&feed) {
            Some(own) if several => format!("{}/{below}", own.trim_end_matches('/')),
            Some(own) => own.clone(),
            None => format!("{folder}/{below}"),
        };
        files.push(FeedFile { feed, place, address, sha256: None });
    };
    for ecosystem in OSV {
        add(OSV_HOME, &format!("{}/all.zip", ecosystem.replace(' ', "%20")), format!("osv/{ecosystem}/all.zip"), false);
    }
    for release in ALPINE {
        for repository in ["main", "community"] {
            let below = format!("{release}/{repository}.json");
            add(ALPINE_HOME, &below, format!("alpine/{below}"), true);
        }
    }
    for year in NVD_FIRST_YEAR..=Offset::UTC.to_datetime(now).year() {
        let name = format!("nvdcve-2.0-{year}.json.gz");
        add(NVD_HOME, &name, format!("nvd/{name}"), true);
    }
    for Home { folder, files, .. } in HOMES {
        for (below, place) in *files {
            add(folder, below, (*place).to_owned(), files.len() > 1);
        }
    }
    files.sort();
    files
}

/// The terms that a feed is published under, for those that are brought.
pub fn licence(place: &str) -> &'static str {
    let listed = HOMES.iter().find(|home| home.files.iter().any(|(_, known)| *known == place));
    match place.split('/').next() {
        Some("osv") => OSV_LICENCE,
        Some("alpine" | "nvd") => "public facts",
        _ => listed.map_or("", |home| home.licence),
    }
}

/// The files that a list of checksums (`SHA256SUMS`, as `sha256sum` writes it) names and that some feed is read from.
pub(super) fn listed(base: &str, sums: &str) -> Vec<FeedFile> {
    let mut files: Vec<FeedFile> = sums
        .lines()
        .filter_map(|line| {
            let (sha256, place) = line.split_once(char::is_whitespace)?;
            let place = place.trim_start().trim_start_matches('*').trim_start_matches("./");
            // What would leave the folder is no place in it.
            if place.starts_with('/') || place.split('/').any(|part| matches!(part, "" | "." | "..")) {
                return None;
            }
            let (_, feed) = Feed::of(place)?;
            let address = format!("{}/{}", base.trim_end_matches('/'), place.replace(' ', "%20"));
            Some(FeedFile { feed, place: place.to_owned(), address, sha256: Some(sha256.to_ascii_lowercase()) })
        })
        .collect();
    files.sort();
    files.dedup_by(|left, right| left.place == right.place);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_of_a_feed_and_has_terms() {
        let files = catalogue(&BTreeMap::new(), "2026-05-01T00:00:00Z".parse().unwrap());
        for file in &files {
            assert!(!file.feed.is_empty() && !licence(&file.place).is_empty(), "{file:?}");
            assert!(client::Address::parse(&file.address).is_ok(), "{file:?}");
        }
        assert!(files.iter().any(|file| file.feed == "osv-rocky-linux" && file.address.contains("Rocky%20Linux")));
        assert!(files.iter().any(|file| file.place == "nvd/nvdcve-2.0-2026.json.gz"));
    }

    #[test]
    fn addresses_are_settings() {
        let settings =
            [("kev", "http://m/kev"), ("alpine-secdb", "http://m/a/")].map(|(name, url)| (name.to_owned(), url.to_owned()));
        let files = catalogue(&settings.into(), Timestamp::UNIX_EPOCH);
        let of = |place: &str| files.iter().find(|file| file.place == place).unwrap().address.clone();
        assert_eq!(of("kev/known_exploited_vulnerabilities.json"), "http://m/kev");
        assert_eq!(of("alpine/v3.20/main.json"), "http://m/a/v3.20/main.json");
    }

    #[test]
    fn lists_of_checksums() {
        let files = listed(
            "http://m/",
            "AA  ./kev/known_exploited_vulnerabilities.json\nbb *osv/Rocky Linux/all.zip\ncc  ../osv/x/all.zip\ndd  README.md\n",
        );
        let expected = [
            ("kev", "http://m/kev/known_exploited_vulnerabilities.json", "aa"),
            ("osv-rocky-linux", "http://m/osv/Rocky%20Linux/all.zip", "bb"),
        ];
        assert_eq!(
            files
                .iter()
                .map(|file| (file.feed.as_str(), file.address.as_str(), file.sha256.as_deref().unwrap()))
                .collect::<Vec<_>>(),
            expected
        );
    }
}
