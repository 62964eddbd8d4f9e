//! Real feeds, held against an evaluation that shares nothing with ours: a reading of the lists in a few lines, and
//! dpkg's own comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use advisory::database::{Database, FeedCoverage, Writer};
use advisory::feed::Item;
use matcher::MatchOptions;
use model::distro::Distro;
use model::inventory::Inventory;
use model::package::Package;
use model::report::FeedInfo;

use crate::world::{deb, time};

/// One line of an advisory: what it fixes where. The version may be a word in angle brackets.
struct Line<'a> {
    ids: Vec<&'a str>,
    source: &'a str,
    version: &'a str,
}

/// The lines of `DSA/list` and `DLA/list` that speak of a suite.
fn lines<'a>(text: &'a str, suite: &str) -> Vec<Line<'a>> {
    let (mut ids, mut lines) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if line.starts_with('[') {
            ids = line.split_whitespace().filter(|word| word.starts_with("DSA-") || word.starts_with("DLA-")).take(1).collect();
        } else if let Some(cves) = line.trim().strip_prefix('{') {
            let cves: Vec<&str> = cves.trim_end_matches('}').split_whitespace().filter(|id| id.starts_with("CVE-")).collect();
            if !cves.is_empty() {
                ids = cves;
            }
        } else if let Some(rest) = line.trim().strip_prefix(&format!("[{suite}] - ")) {
            let mut words = rest.split_whitespace();
            if let (Some(source), Some(version)) = (words.next(), words.next()) {
                lines.push(Line { ids: ids.clone(), source, version });
            }
        }
    }
    lines
}

fn dpkg_says_older(left: &str, right: &str) -> bool {
    let status = Command::new("dpkg").args(["--compare-versions", left, "lt", right]).status().unwrap();
    status.success()
}

/// A database of the Debian lists alone.
fn debian_database(texts: &[(&str, &str)]) -> Database {
    let folder = tempfile::tempdir().unwrap();
    for (list, text) in texts {
        let place = folder.path().join("debian/data").join(list);
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("list"), text).unwrap();
    }
    let mut writer = Writer::new();
    let summaries = advisory::feed::read_folder(folder.path(), &mut |feed, item| {
        if let Item::Advisory(advisory) = item {
            writer.add(feed, advisory);
        }
    })
    .unwrap();
    let feeds = summaries
        .into_iter()
        .map(|summary| FeedCoverage {
            info: FeedInfo { name: summary.name, as_of: summary.as_of, records: summary.records },
            coverage: summary.coverage,
        })
        .collect();
    let (bytes, _) = writer.encode(feeds, "full").unwrap();
    Database::from_static(bytes.leak()).unwrap()
}

#[test]
fn bullseye_as_the_lists_and_dpkg_say() {
    let Some(data) = testing::real_data("feeds/debian/data") else { return };
    if testing::tool("dpkg", &["--version"]).is_none() {
        return;
    }
    let [dsa, dla] = ["DSA", "DLA"].map(|list| fs::read_to_string(data.join(list).join("list")).unwrap());
    let listed: Vec<Line<'_>> = lines(&dsa, "bullseye").into_iter().chain(lines(&dla, "bullseye")).collect();
    assert!(listed.len() > 300, "{} lines", listed.len());

    // Of each source, what stood before its first fix and what its middle fix brought.
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in listed.iter().filter(|line| !line.version.starts_with('<')) {
        versions.entry(line.source).or_default().push(line.version);
    }
    let mut packages: Vec<Package> = Vec::new();
    for (source, fixes) in &versions {
        let (Some(first), Some(middle)) = (fixes.last(), fixes.get(fixes.len() / 2)) else { continue };
        packages.push(deb(source, &format!("{first}~~")));
        packages.push(deb(source, middle));
    }
    // And what is really installed, where the image is here; its list is `deb NAME VERSION ARCH SOURCE VERSION`.
    let image = testing::built_image("debian11.packages.txt").map(|path| fs::read_to_string(path).unwrap()).unwrap_or_default();
    for line in image.lines() {
        if let ["deb", name, version, _, source, source_version] = line.split_whitespace().collect::<Vec<_>>()[..] {
            packages.push(crate::world::from_source(deb(name, version), source, source_version));
        }
    }

    let mut expected: BTreeSet<(String, String, String)> = BTreeSet::new();
    for package in &packages {
        let (source, version) = package.source_or_self();
        for line in listed.iter().filter(|line| line.source == source) {
            let denied = |id: &&&str| {
                let denies =
                    |other: &Line<'_>| other.source == source && other.version == "<not-affected>" && other.ids.contains(id);
                !listed.iter().any(denies)
            };
            let hit = match line.version {
                "<not-affected>" => false,
                "<unfixed>" | "<end-of-life>" | "<no-dsa>" | "<ignored>" | "<postponed>" => true,
                fixed => dpkg_says_older(version, fixed),
            };
            if hit {
                expected.extend(
                    line.ids.iter().filter(denied).map(|id| ((*id).to_owned(), package.name.clone(), package.version.clone())),
                );
            }
        }
    }
    let inventory = Inventory { distro: Distro::from_os_release("ID=debian\nVERSION_ID=11"), packages, ..Inventory::default() };
    let options = MatchOptions::new(time("2023-04-03T00:00:00Z"));
    let matched = matcher::match_inventory(&inventory, &debian_database(&[("DSA", &dsa), ("DLA", &dla)]), &options).unwrap();
    let found: BTreeSet<(String, String, String)> = matched
        .findings
        .iter()
        .filter(|finding| finding.kind == model::finding::FindingKind::Vulnerability)
        .map(|finding| (finding.id.clone(), finding.package.clone(), finding.version.clone()))
        .collect();
    let missing: Vec<_> = expected.difference(&found).take(10).collect();
    let surplus: Vec<_> = found.difference(&expected).take(10).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, too many {surplus:?}");
    assert!(found.len() > 500, "{} findings", found.len());
}
