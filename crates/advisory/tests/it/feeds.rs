//! The folder of feeds on the real data that lies beside the checkout: counts, records checked by hand against the
//! upstream files, and what happens to damaged ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use advisory::feed::{FeedError, FeedSummary, Item, read_folder};
use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, End, ExploitCode, Range, Ssvc, Status};
use model::coverage::Level;
use model::package::PackageType;
use model::severity::Severity;
use model::version::{Scheme, contains};
use model::vex::{VexStatement, VexStatus};

/// Everything that a folder says, by feed.
#[derive(Default)]
struct Read {
    summaries: Vec<FeedSummary>,
    advisories: BTreeMap<String, Vec<Advisory>>,
    facts: BTreeMap<String, Vec<CveFacts>>,
    statements: Vec<VexStatement>,
}

impl Read {
    fn summary(&self, feed: &str) -> &FeedSummary {
        self.summaries.iter().find(|summary| summary.name == feed).unwrap_or_else(|| panic!("no feed {feed}"))
    }

    /// The feed's advisories that have an id, as their own, an alias or an erratum.
    fn of(&self, feed: &str, id: &str) -> Vec<&Advisory> {
        let has =
            |advisory: &&Advisory| advisory.id == id || advisory.aliases.iter().chain(&advisory.errata).any(|other| other == id);
        self.advisories[feed].iter().filter(has).collect()
    }

    fn facts_of(&self, feed: &str, id: &str) -> &CveFacts {
        self.facts[feed].iter().find(|facts| facts.id == id).unwrap_or_else(|| panic!("no {id} in {feed}"))
    }
}

fn read(folder: &Path) -> Result<Read, FeedError> {
    let mut read = Read::default();
    read.summaries = read_folder(folder, &mut |feed, item| match item {
        Item::Advisory(advisory) => read.advisories.entry(feed.to_owned()).or_default().push(advisory),
        Item::Facts(facts) => read.facts.entry(feed.to_owned()).or_default().push(facts),
        Item::Vex(statement) => read.statements.push(statement),
    })?;
    Ok(read)
}

fn below(version: &str) -> Vec<Range> {
    vec![Range { end: End::Fixed(version.into()), ..Range::default() }]
}

fn between(from: &str, to: &str) -> Range {
    Range { introduced: Some(from.into()), end: End::Fixed(to.into()), ..Range::default() }
}

/// A folder that links to some real feeds.
fn folder_with(feeds: &Path, paths: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(feeds.join(path), place).unwrap();
    }
    folder
}

#[test]
fn every_feed_is_read_whole() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let read = read(&feeds).unwrap();
    // Records as the data's own table counts them; advisories are more where an erratum fixes several vulnerabilities,
    // and fewer where records are withdrawn malice, bug fixes or say nothing of packages.
    for (feed, as_of, records, advisories, facts) in [
        ("alpine-secdb", "2020-06-08", 1652, 12031, 0),
        ("azurelinux-oval", "2024-10-10", 1222 + 2252, 3474, 0),
        ("cve-data-enrichment", "2024-10-10", 6335, 0, 0),
        ("cve-poc-links", "2026-08-22", 167_093, 0, 43621),
        ("debian-dla", "2023-04-01", 3534, 11306, 0),
        ("debian-dsa", "2023-03-29", 5406, 18237, 0),
        ("dhi-vex", "2025-10-31", 107, 0, 0),
        ("elixir-security-advisories", "2026-07-29", 108, 108, 0),
        ("epss", "2026-08-16", 360_142, 0, 360_142),
        ("kev", "2025-08-25", 1404, 0, 1404),
        ("malicious-packages", "2025-06-04", 33020, 33020, 0),
        // References name CVEs with four-digit numbers and up; 9 old ones are written otherwise.
        ("metasploit", "2026-03-18", 3066, 0, 3054),
        ("nvd-data-overrides", "2026-08-21", 32184, 0, 23596),
        ("osv-almalinux", "2026-08-21", 5637, 16411, 0),
        ("osv-bitnami", "2026-08-01", 7444, 7444, 0),
        ("osv-crates.io", "2026-08-21", 1206, 1274, 0),
        ("osv-dockerhardenedimages", "2025-10-27", 693, 651, 0),
        ("osv-drupal", "2026-08-19", 591, 597, 0),
        ("osv-go", "2026-08-21", 4291, 4284, 0),
        ("osv-hackage", "2026-06-03", 35, 35, 0),
        ("osv-pypi", "2024-10-10", 2661, 2660, 0),
        ("photon-oval", "2020-02-20", 222, 660, 0),
        ("php-security-advisories", "2026-08-05", 1592, 1592, 0),
        ("retirejs", "2026-08-22", 723 + 723 + 545, 2019, 0),
        ("ruby-advisory-db", "2026-08-18", 1322, 1320, 0),
        ("victims", "2020-10-19", 218, 218, 0),
        ("vulnrichment", "2024-10-24", 44130, 0, 44026),
    ] {
        let summary = read.summary(feed);
        let counted = (
            summary.as_of.as_str(),
            summary.records,
            read.advisories.get(feed).map_or(0, Vec::len),
            read.facts.get(feed).map_or(0, Vec::len),
        );
        assert_eq!(counted, (as_of, records, advisories, facts), "{feed}");
    }
    assert_eq!(read.summaries.len(), 27, "{:?}", read.summaries.iter().map(|summary| &summary.name).collect::<Vec<_>>());
    for summary in &read.summaries {
        assert!(summary.problems.is_empty(), "{}: {:?}", summary.name, summary.problems);
    }

    check_distributions(&read);
    check_languages(&read);
    check_facts(&read);
}

fn check_distributions(read: &Read) {
    let [xorg] = read.of("debian-dsa", "DSA-5380-1")[..] else { panic!() };
    assert_eq!((xorg.id.as_str(), &xorg.errata), ("CVE-2023-1393", &vec!["DSA-5380-1".to_owned()]));
    let [affected] = &xorg.affected[..] else { panic!() };
    assert_eq!((affected.namespace.as_str(), affected.name.as_str()), ("debian:11", "xorg-server"));
    assert_eq!(affected.ranges, below("2:1.20.11-1+deb11u6"));
    assert_eq!(affected.fixed_at.unwrap().to_string(), "2023-03-29T00:00:00Z");
    let tex = read.advisories["debian-dsa"].iter().flat_map(|advisory| &advisory.affected);
    let tex: Vec<&Affected> = tex.filter(|affected| affected.name == "tex-common").collect();
    assert!(tex.iter().any(|affected| affected.namespace == "debian:5" && affected.status == Status::NotAffected));
    assert_eq!(read.summary("debian-dsa").coverage[0], ("debian:10".to_owned(), Level::FixedOnly));

    let apache = read.of("alpine-secdb", "CVE-2019-9517");
    assert!(apache.iter().any(|advisory| {
        let affected = &advisory.affected[0];
        (affected.namespace.as_str(), affected.name.as_str()) == ("alpine:3.10", "apache2")
            && affected.ranges == below("2.4.41-r0")
    }));
    // `CVE-2017-10914 XSA-218`: the second id may stand for several vulnerabilities.
    let xen = read.of("alpine-secdb", "CVE-2017-10914");
    assert!(!xen.is_empty() && xen.iter().all(|advisory| advisory.errata == ["XSA-218"] && advisory.aliases.is_empty()));
    let negative = read.advisories["alpine-secdb"].iter().filter(|advisory| advisory.affected[0].status == Status::NotAffected);
    assert_eq!(negative.count(), 5);

    let podman = read.of("osv-almalinux", "ALSA-2024:2193");
    assert!(podman.iter().all(|advisory| advisory.id.starts_with("CVE-") && advisory.ratings[0].level == Some(Severity::Medium)));
    let affected = podman[0].affected.iter().find(|affected| affected.name == "podman").unwrap();
    assert_eq!((affected.namespace.as_str(), &affected.ranges), ("almalinux:9", &below("2:4.9.4-0.1.el9")));
    let modular = read.advisories["osv-almalinux"].iter().flat_map(|advisory| &advisory.affected);
    let nodejs: Vec<&Affected> =
        modular.filter(|affected| affected.name == "nodejs" && affected.namespace == "almalinux:8").collect();
    assert!(nodejs.iter().all(|affected| affected.module.as_deref().is_some_and(|module| module.starts_with("nodejs:"))));
    assert!(!read.advisories["osv-almalinux"].iter().any(|advisory| advisory.id.starts_with("ALBA-")));

    let [oath] = read.of("azurelinux-oval", "CVE-2024-47191")[..] else { panic!() };
    assert_eq!((oath.affected[0].namespace.as_str(), oath.affected[0].name.as_str()), ("azurelinux:3.0", "oath-toolkit"));
    assert_eq!(oath.affected[0].ranges, below("2.6.7-3.azl3"));
    let never = read.of("azurelinux-oval", "CVE-2018-25032");
    assert!(
        never.iter().any(|advisory| advisory.affected[0].name == "python2" && advisory.affected[0].status == Status::NotAffected)
    );
    let syslinux = read.of("azurelinux-oval", "CVE-2022-3857");
    assert!(syslinux.iter().any(|advisory| {
        let affected = &advisory.affected[0];
        affected.namespace == "mariner:1.0"
            && matches!(&affected.ranges[0].end, End::LastAffected(version) if version.starts_with("6.04-9"))
    }));
    let sqlite = read.of("photon-oval", "CVE-2019-16168")[0];
    assert_eq!(sqlite.errata, ["PHSA-2020:00001"]);
    let names: Vec<&str> = sqlite.affected.iter().map(|affected| affected.name.as_str()).collect();
    assert_eq!(names, ["sqlite", "sqlite-devel", "sqlite-libs"]);
    assert_eq!((sqlite.affected[0].namespace.as_str(), &sqlite.affected[0].ranges), ("photon:3.0", &below("3.27.2-5.ph3")));
}

fn check_languages(read: &Read) {
    let [qutebrowser] = read.of("osv-pypi", "PYSEC-2021-382")[..] else { panic!() };
    let [affected] = &qutebrowser.affected[..] else { panic!() };
    assert_eq!(affected.ranges, [below("1.8.0"), vec![between("2.0.0", "2.4.0")]].concat());
    // Versions that the ranges hold already are not said twice.
    assert!(affected.versions.is_empty(), "{:?}", affected.versions);

    // By record: one that covers several vulnerabilities became several advisories.
    let count = |kind| {
        let of_kind = read.advisories["osv-crates.io"].iter().filter(|advisory| advisory.kind == kind);
        of_kind.map(|advisory| advisory.errata.first().unwrap_or(&advisory.id)).collect::<BTreeSet<_>>().len()
    };
    assert_eq!((count(AdvisoryKind::Unmaintained), count(AdvisoryKind::Notice)), (267, 203 + 6));
    let removed = read.of("osv-crates.io", "RUSTSEC-2023-0100")[0];
    assert_eq!((removed.kind, &removed.affected[0].ranges), (AdvisoryKind::Malicious, &vec![Range::default()]));

    let [text] = read.of("osv-go", "GO-2021-0113")[..] else { panic!() };
    assert_eq!(text.affected[0].name, "golang.org/x/text");
    assert!(text.affected[0].symbols.contains(&"golang.org/x/text/language.Parse".to_owned()), "{:?}", text.affected[0].symbols);

    let activemq = read.of("osv-bitnami", "BIT-activemq-2020-11998")[0];
    assert_eq!((activemq.aliases[0].as_str(), activemq.affected[0].kind), ("CVE-2020-11998", Some(PackageType::Bitnami)));
    assert!(activemq.ratings[0].cvss.as_ref().is_some_and(|cvss| cvss.score >= 9.0));

    let redcloth = read.of("ruby-advisory-db", "CVE-2023-31606")[0];
    assert_eq!((redcloth.aliases[0].as_str(), redcloth.affected[0].name.as_str()), ("GHSA-qcm3-vfq5-wfr2", "RedCloth"));
    let held =
        |version: &str| redcloth.affected[0].ranges.iter().any(|range| contains(Scheme::Gem, range, version) == Some(true));
    assert_eq!([held("3.0.4"), held("4.2.9"), held("4.3.2"), held("4.3.3")], [false, true, true, false]);

    let easy = read
        .of("php-security-advisories", "alterphp/easyadmin-extension-bundle/2018-10-02")
        .into_iter()
        .chain(
            read.advisories["php-security-advisories"]
                .iter()
                .filter(|advisory| advisory.affected[0].name == "alterphp/easyadmin-extension-bundle"),
        )
        .next()
        .unwrap();
    // `>=1.2.0` holds its pre-releases, as Composer reads it.
    assert_eq!(easy.affected[0].ranges, [between("1.2.0.0-dev", "1.2.11"), between("1.3.0.0-dev", "1.3.1")]);

    let mongoose = read.of("elixir-security-advisories", "GHSA-5v5w-44w6-q5hv")[0];
    assert_eq!(mongoose.affected[0].name, "mongooseim");
    assert_eq!(mongoose.affected[0].ranges[0].end, End::LastAffected("1.3.1".into()));

    let malicious = &read.advisories["malicious-packages"];
    assert!(malicious.iter().all(|advisory| advisory.kind == AdvisoryKind::Malicious));
    assert!(read.summary("malicious-packages").coverage.contains(&("npm".to_owned(), Level::Partial)));

    let struts = read.of("victims", "CVE-2008-6504")[0];
    assert_eq!(struts.affected[0].name, "org.apache.struts:struts2-core");
    let angular = read.of("retirejs", "CVE-2020-7676");
    assert!(
        angular.iter().any(|advisory| advisory.affected[0].name == "angular" && advisory.affected[0].ranges == below("1.8.0"))
    );
}

fn check_facts(read: &Read) {
    let git = read.facts_of("kev", "CVE-2025-48384").kev.as_ref().unwrap();
    assert_eq!((git.date_added.as_str(), git.ransomware), ("2025-08-25", false));
    assert!(read.facts_of("kev", "CVE-2021-44228").kev.as_ref().unwrap().ransomware);
    let epss = read.facts_of("epss", "CVE-1999-0001").epss.as_ref().unwrap();
    assert_eq!((epss.score, epss.percentile, epss.date.as_str()), (0.03351, 0.87650, "2026-08-16"));
    let xz = read.facts_of("vulnrichment", "CVE-2024-3094");
    assert_eq!(xz.title, "Xz: malicious code in distributed source");
    assert_eq!((xz.ratings[0].source.as_str(), xz.ratings[0].cvss.as_ref().unwrap().score), ("cna", 10.0));
    assert_eq!(xz.cwes, ["CWE-506"]);
    let ssvc = Ssvc { exploitation: "none".into(), automatable: true, technical_impact: "total".into() };
    assert_eq!(xz.ssvc, Some(ssvc));
    assert_eq!(read.facts_of("metasploit", "CVE-2007-4387").exploit, Some(ExploitCode { level: "metasploit".into(), count: 1 }));
    // Of its five repositories two are lists of CVEs.
    let weak = Some(ExploitCode { level: "poc".into(), count: 3 });
    assert_eq!(read.facts_of("cve-poc-links", "CVE-1999-0001").exploit, weak);
    assert_eq!(read.facts_of("nvd-data-overrides", "CVE-1999-0037").published.unwrap().to_string(), "1999-09-29T04:00:00Z");

    let first = read.statements.iter().find(|statement| statement.vulnerability == "CVE-2023-31437").unwrap();
    assert!(first.author.starts_with("Docker Hardened Images"));
    assert!(
        first.products.iter().any(|product| product.id == "pkg:docker/dhi/activemq-artemis" && product.subcomponents.len() == 11)
    );
    assert!(
        read.statements.iter().any(|statement| statement.status == VexStatus::NotAffected && !statement.justification.is_empty())
    );
}

#[test]
fn the_same_folder_says_the_same() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let folder = folder_with(&feeds, &["osv/Hackage/all.zip", "osv/Drupal/all.zip", "lang/ruby-advisory-db.tar.zst"]);
    let (first, second) = (read(folder.path()).unwrap(), read(folder.path()).unwrap());
    assert_eq!((&first.summaries, &first.advisories), (&second.summaries, &second.advisories));
    assert_eq!(first.summaries.len(), 3);
}

#[test]
fn yaml_and_json_of_alpine_say_the_same() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let only = |paths: &[&str]| {
        let folder = folder_with(&feeds, paths);
        let mut advisories = read(folder.path()).unwrap().advisories.remove("alpine-secdb").unwrap();
        advisories.retain(|advisory| advisory.affected[0].namespace == "alpine:3.10");
        advisories
    };
    let yaml = only(&["alpine/secdb-yaml.zip"]);
    let mut json = only(&["alpine/v3.10/main.json", "alpine/v3.10/community.json"]);
    let key =
        |advisory: &Advisory| (advisory.id.clone(), advisory.affected[0].name.clone(), format!("{:?}", advisory.affected[0]));
    let mut yaml_sorted = yaml;
    yaml_sorted.sort_by_key(key);
    json.sort_by_key(key);
    assert_eq!(yaml_sorted, json);
    assert!(json.len() > 1000);
}

#[test]
fn damaged_files_are_named() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    for path in [
        "osv/Hackage/all.zip",
        "osv/malicious-packages.tar.zst",
        "kev/known_exploited_vulnerabilities.json",
        "epss/epss_scores-current.csv.gz",
        "debian/data/DSA/list",
        "alpine/v3.10/main.json",
        "photon/com.vmware.phsa-photon3.xml.zst",
        "exploit/modules_metadata_base.json.zst",
    ] {
        let folder = folder_with(&feeds, &[path]);
        let file = folder.path().join(path);
        let whole = fs::read(&file).unwrap();
        let cut = whole.len() * 2 / 3;
        // Not at the end of a line: a list that is cut there cannot be told from a shorter one.
        let cut = (cut..whole.len()).find(|at| whole[at - 1] != b'\n').unwrap();
        for (what, bytes) in [("cut", &whole[..cut]), ("empty", &[][..])] {
            // An empty list of advisories is a list of advisories.
            if what == "empty" && path.ends_with("list") {
                continue;
            }
            fs::write(&file, bytes).unwrap();
            let error = read(folder.path()).err().unwrap_or_else(|| panic!("{path}, {what}, was read"));
            assert!(error.to_string().contains(path), "{error}");
        }
    }
}

#[test]
fn strangers_are_said_and_bad_records_do_not_end_a_feed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("osv/PyPI")).unwrap();
    fs::write(folder.path().join("osv/stranger.bin"), b"x").unwrap();
    fs::write(folder.path().join("README.md"), b"no table").unwrap();
    let good = br#"{"id":"PYSEC-1","modified":"2024-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"A.b"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]}]}"#;
    let mut archive = Vec::new();
    {
        let mut writer = rawzip::ZipArchiveWriter::new(&mut archive);
        for (name, bytes) in [("bad.json", &b"{"[..]), ("good.json", good)] {
            let (mut entry, config) = writer.new_file(name).start().unwrap();
            let mut data = config.wrap(&mut entry);
            std::io::Write::write_all(&mut data, bytes).unwrap();
            let (_, descriptor) = data.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        writer.finish().unwrap();
    }
    fs::write(folder.path().join("osv/PyPI/all.zip"), archive).unwrap();
    let read = read(folder.path()).unwrap();
    let [good] = &read.advisories["osv-pypi"][..] else { panic!() };
    assert_eq!((good.affected[0].name.as_str(), &good.affected[0].ranges), ("a-b", &below("2")));
    let summary = read.summary("osv-pypi");
    assert_eq!((summary.as_of.as_str(), summary.records), ("2024-01-02", 1));
    assert!(summary.problems[0].starts_with("bad.json: "), "{:?}", summary.problems);
    assert!(read.summary("unrecognised").problems[0].contains("osv/stranger.bin"));
}

#[test]
fn pages_that_an_index_names_and_that_are_not_there_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("amazon/AL2");
    fs::create_dir_all(&place).unwrap();
    let item = |id: &str| {
        format!(
            "<item><title>{id} (low): a</title><pubDate>Thu, 11 Jan 2018 21:05:00 GMT</pubDate>\
             <link>https://alas.aws.amazon.com/AL2/{id}.html</link></item>"
        )
    };
    let index = format!("<rss><channel>{}{}{}</channel></rss>", item("ALAS-2018-1"), item("ALAS-2018-2"), item("ALAS-2018-3"));
    fs::write(place.join("alas.rss"), index).unwrap();
    let page = "<h1>ALAS-2018-2</h1><div id='references'>CVE-2018-0001</div>\
                <div id='new_packages'><pre>x86_64:<br />&nbsp;a-1-1.amzn2.x86_64<br /></pre></div>";
    fs::write(place.join("ALAS-2018-2.html"), page).unwrap();
    let read = read(folder.path()).unwrap();
    let summary = read.summary("amazon");
    assert_eq!(summary.problems, ["a document that the index of amazon/AL2 names is not there (2 times)"]);
    assert_eq!((summary.as_of.as_str(), summary.coverage[0].0.as_str()), ("2018-01-11", "amazon:2"));
    assert_eq!(read.of("amazon", "ALAS-2018-2").len(), 1);
}
