//! The database file: what goes in comes out, whatever happens to the file is noticed.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use advisory::database::{Database, DatabaseError, FeedCoverage, SearchResult, Writer};
use jiff::Timestamp;
use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, End, Epss, ExploitCode, Kev, Range, Ssvc, Status};
use model::coverage::Level;
use model::package::PackageType;
use model::report::FeedInfo;
use model::severity::{Cvss, Rating, Severity};
use model::vex::{VexProduct, VexStatement, VexStatus};
use proptest::prelude::*;

/// What a feed can say.
#[derive(Clone, Debug)]
enum Said {
    Advisory(&'static str, Advisory),
    Facts(CveFacts),
    Vex(VexStatement),
}

fn feeds() -> Vec<FeedCoverage> {
    [("debian-dsa", "2023-04-02", "debian:12"), ("osv-pypi", "2024-10-10", "pypi")]
        .into_iter()
        .map(|(name, as_of, namespace)| FeedCoverage {
            info: FeedInfo { name: name.into(), as_of: as_of.into(), records: 7 },
            coverage: vec![(namespace.into(), Level::Full), ("npm".into(), Level::Partial)],
        })
        .collect()
}

fn encode<'a>(said: impl IntoIterator<Item = &'a Said>) -> Vec<u8> {
    let mut writer = Writer::new();
    for said in said {
        match said.clone() {
            Said::Advisory(feed, advisory) => writer.add(feed, advisory),
            Said::Facts(facts) => writer.add_facts(facts),
            Said::Vex(statement) => writer.add_vex("dhi", &statement),
        }
    }
    writer.encode(feeds(), "full").unwrap().0
}

/// A database of these bytes. They stay for the rest of the test run, as an embedded database's do.
fn open(bytes: Vec<u8>) -> Result<Database, DatabaseError> {
    Database::from_static(Box::leak(bytes.into_boxed_slice()))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z0-9.:~+-]{0,12}", 1 => "\\PC{0,6}"]
}

fn version() -> impl Strategy<Value = String> {
    "[0-9]{1,2}\\.[0-9](-[0-9]~x)?"
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof!["CVE-20[12][0-9]-[0-9]{4,5}", "GHSA-[a-c]{2}", "PYSEC-[0-9]", "DSA-[0-9]-[0-9]"]
}

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    proptest::option::of(
        (0_i64..2_000_000_000, 0..2).prop_map(|(seconds, whole)| {
            Timestamp::new(if whole == 0 { seconds / 86_400 * 86_400 } else { seconds }, 0).unwrap()
        }),
    )
}

fn rating() -> impl Strategy<Value = Rating> {
    let cvss = (text(), text(), 0_u32..=100).prop_map(|(version, vector, tenths)| Cvss {
        version,
        vector,
        score: f64::from(tenths) / 10.0,
        source: "nvd".into(),
    });
    let level = proptest::option::of(proptest::sample::select(Severity::ALL.to_vec()));
    (text(), level, proptest::option::of(cvss)).prop_map(|(source, level, cvss)| Rating { source, level, cvss })
}

fn range() -> impl Strategy<Value = Range> {
    let end = prop_oneof![Just(End::Open), version().prop_map(End::Fixed), version().prop_map(End::LastAffected)];
    let start = || proptest::option::of(version());
    (start(), start(), end).prop_map(|(introduced, after, end)| Range { introduced, after, end })
}

fn some<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(of, 0..4)
}

fn affected() -> impl Strategy<Value = Affected> {
    let status = proptest::sample::select(vec![
        Status::Affected,
        Status::NotAffected,
        Status::WontFix,
        Status::EndOfLife,
        Status::UnderInvestigation,
        Status::Unread,
    ]);
    let place =
        ("debian:1[12]|pypi|npm", "[a-e]{1,2}", proptest::option::of(proptest::sample::select(PackageType::ALL.to_vec())));
    let limits = (proptest::option::of(text()), some(text()), status);
    (place, limits, some(range()), some(version()), time(), some(text())).prop_map(
        |((namespace, name, kind), (module, architectures, status), ranges, versions, fixed_at, symbols)| Affected {
            namespace,
            kind,
            name,
            module,
            architectures,
            status,
            ranges,
            versions,
            fixed_at,
            symbols,
        },
    )
}

fn advisory() -> impl Strategy<Value = Advisory> {
    let kind = proptest::sample::select(vec![
        AdvisoryKind::Vulnerability,
        AdvisoryKind::Malicious,
        AdvisoryKind::Unmaintained,
        AdvisoryKind::Notice,
    ]);
    let names = (id(), some(id()), some(id()), kind);
    (names, ("[a-z ]{0,9}[a-z]", text()), (time(), time(), time()), some(rating()), some(text()), some(affected())).prop_map(
        |((id, aliases, errata, kind), (title, url), (published, modified, withdrawn), ratings, cwes, affected)| Advisory {
            id,
            aliases,
            errata,
            kind,
            title: title.trim().to_owned(),
            url,
            published,
            modified,
            withdrawn,
            ratings,
            cwes,
            affected,
        },
    )
}

fn facts() -> impl Strategy<Value = CveFacts> {
    let date = || "20[0-9]{2}-[01][0-9]-[0-3][0-9]";
    let score = || prop_oneof![(0_u32..=100_000).prop_map(|score| f64::from(score) / 1e5), 0.0..1.0];
    let kev = proptest::option::of((date(), any::<bool>()).prop_map(|(date_added, ransomware)| Kev { date_added, ransomware }));
    let epss =
        proptest::option::of((score(), score(), date()).prop_map(|(score, percentile, date)| Epss { score, percentile, date }));
    let exploit = proptest::option::of((text(), any::<u32>()).prop_map(|(level, count)| ExploitCode { level, count }));
    let ssvc =
        proptest::option::of((text(), any::<bool>(), text()).prop_map(|(exploitation, automatable, technical_impact)| Ssvc {
            exploitation,
            automatable,
            technical_impact,
        }));
    (("CVE-20[12][0-9]-[0-9]{4,5}", "[a-z]{0,9}"), time(), some(rating()), some(text()), kev, epss, exploit, ssvc).prop_map(
        |((id, title), published, ratings, cwes, kev, epss, exploit, ssvc)| CveFacts {
            id,
            title,
            published,
            ratings,
            cwes,
            kev,
            epss,
            exploit,
            ssvc,
        },
    )
}

fn statement() -> impl Strategy<Value = VexStatement> {
    let status = proptest::sample::select(vec![
        VexStatus::NotAffected,
        VexStatus::Affected,
        VexStatus::Fixed,
        VexStatus::UnderInvestigation,
    ]);
    let product = (text(), some(text())).prop_map(|(id, subcomponents)| VexProduct { id, subcomponents });
    (id(), some(id()), some(product), status, text(), text(), time()).prop_map(
        |(vulnerability, aliases, products, status, justification, statement, timestamp)| VexStatement {
            id: String::new(),
            vulnerability,
            aliases,
            products,
            status,
            justification,
            statement,
            author: "someone".into(),
            timestamp,
        },
    )
}

fn said() -> impl Strategy<Value = Vec<Said>> {
    let feed = proptest::sample::select(vec!["debian-dsa", "osv-pypi", "a-feed-without-summary"]);
    let said = prop_oneof![
        6 => (feed, advisory()).prop_map(|(feed, advisory)| Said::Advisory(feed, advisory)),
        2 => facts().prop_map(Said::Facts),
        1 => statement().prop_map(Said::Vex),
    ];
    proptest::collection::vec(said, 0..40)
}

/// Lists whose order says nothing, in the order that the database gives them.
fn sorted(mut affected: Affected) -> Affected {
    for list in [&mut affected.architectures, &mut affected.versions, &mut affected.symbols] {
        list.sort();
        list.dedup();
    }
    affected
}

/// Everything an advisory says, in a form in which order says nothing.
fn essence(advisory: &Advisory) -> (String, BTreeSet<String>) {
    let affected = advisory.affected.iter().cloned().map(|affected| format!("{:?}", sorted(affected))).collect();
    (format!("{:?}", Advisory { affected: Vec::new(), ..advisory.clone() }), affected)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_goes_in_comes_out(all in said()) {
        let database = open(encode(&all)).unwrap();
        database.verify().unwrap();
        for said in &all {
            match said {
                Said::Advisory(feed, advisory) => {
                    for name in std::iter::once(&advisory.id).chain(&advisory.aliases).chain(&advisory.errata) {
                        // Equal advisories that speak of different packages are one in the file.
                        let (header, affected) = essence(advisory);
                        prop_assert!(database.records(name).unwrap().iter().any(|record| {
                            let (found, all) = essence(&record.advisory);
                            record.feed == *feed && found == header && affected.is_subset(&all)
                        }), "{name}");
                    }
                    for affected in &advisory.affected {
                        let affected = sorted(affected.clone());
                        let entries = database.entries(&affected.namespace, &affected.name).unwrap();
                        let entry = entries.iter().find(|entry| {
                            entry.feed() == *feed && *entry.affected() == affected && entry.id() == advisory.id
                                && entry.advisory().unwrap() == Advisory { affected: Vec::new(), ..advisory.clone() }
                        });
                        let Some(entry) = entry else { return Err(TestCaseError::fail(format!("{affected:?}"))) };
                        prop_assert_eq!(entry.kind(), advisory.kind);
                        prop_assert_eq!(entry.is_withdrawn(), advisory.withdrawn.is_some());
                        let names: BTreeSet<String> = entry.aliases().unwrap().into_iter().chain([entry.primary_id().to_owned()]).collect();
                        prop_assert!(names.contains(&advisory.id) && advisory.aliases.iter().all(|alias| names.contains(alias)));
                    }
                }
                Said::Facts(facts) => {
                    let found = database.cve(&facts.id).unwrap().unwrap();
                    prop_assert!(facts.cwes.iter().all(|cwe| found.cwes.contains(cwe)));
                    prop_assert!(facts.ratings.iter().all(|rating| found.ratings.contains(rating)));
                    if all.iter().filter(|other| matches!(other, Said::Facts(other) if other.id == facts.id)).count() == 1 {
                        prop_assert_eq!((&found.title, found.published, &found.kev, &found.epss, &found.exploit, &found.ssvc),
                            (&facts.title, facts.published, &facts.kev, &facts.epss, &facts.exploit, &facts.ssvc));
                    }
                }
                Said::Vex(statement) => {
                    for name in std::iter::once(&statement.vulnerability).chain(&statement.aliases) {
                        let found = database.vex(&name.to_lowercase()).unwrap();
                        prop_assert!(found.contains(&("dhi", statement.clone())));
                    }
                }
            }
        }
        // Nothing else comes out.
        let expected: BTreeSet<String> = all.iter().filter_map(|said| match said {
            Said::Advisory(feed, advisory) => Some(advisory.affected.iter().map(move |affected| {
                format!("{feed} {:?} {:?}", Advisory { affected: Vec::new(), ..advisory.clone() }, sorted(affected.clone()))
            })),
            _ => None,
        }).flatten().collect();
        prop_assert_eq!(database.counts().entries, expected.len() as u64);
        prop_assert!(database.entries("debian:12", "not there").unwrap().is_empty());
        prop_assert!(database.cve("CVE-1999-0001").unwrap().is_none());
        prop_assert!(database.by_id("CVE-1999-0001").unwrap().is_empty());
    }

    #[test]
    fn order_says_nothing(all in said(), seed: u64) {
        let mut shuffled: Vec<&Said> = all.iter().collect();
        let mut state = seed | 1;
        for place in (1..shuffled.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            shuffled.swap(place, state as usize % (place + 1));
        }
        prop_assert!(encode(&all) == encode(shuffled));
    }

    #[test]
    fn any_bytes_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..9000)) {
        prop_assert!(open(bytes).is_err());
    }
}

/// A small database with everything in it.
fn small() -> Vec<Said> {
    let affected = |namespace: &str, name: &str, fixed: &str| Affected {
        namespace: namespace.into(),
        kind: Some(PackageType::Deb),
        name: name.into(),
        ranges: vec![Range { end: End::Fixed(fixed.into()), ..Range::default() }],
        ..Affected::default()
    };
    let advisory = |id: &str, aliases: &[&str], affected: Vec<Affected>| Advisory {
        id: id.into(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        title: format!("about {id}"),
        affected,
        ..Advisory::default()
    };
    vec![
        Said::Advisory(
            "debian-dsa",
            advisory(
                "CVE-2024-5535",
                &[],
                vec![affected("debian:12", "openssl", "3.0.14-1~deb12u1"), affected("debian:11", "openssl", "1.1.1w-0")],
            ),
        ),
        Said::Advisory("debian-dsa", advisory("CVE-2023-38545", &[], vec![affected("debian:12", "curl", "7.88.1-10+deb12u4")])),
        Said::Advisory("osv-pypi", advisory("PYSEC-2024-1", &["GHSA-aaaa"], vec![affected("pypi", "django", "4.2.8")])),
        Said::Advisory("osv-pypi", advisory("GHSA-aaaa", &["CVE-2024-0001"], vec![])),
        Said::Facts(CveFacts {
            id: "CVE-2024-5535".into(),
            epss: Some(Epss { score: 0.00043, percentile: 0.1, date: "2026-08-16".into() }),
            ..CveFacts::default()
        }),
        Said::Facts(CveFacts {
            id: "CVE-2023-38545".into(),
            title: "SOCKS5 heap buffer overflow".into(),
            kev: Some(Kev { date_added: "2023-10-11".into(), ransomware: false }),
            ..CveFacts::default()
        }),
        Said::Vex(VexStatement {
            id: String::new(),
            vulnerability: "CVE-2024-5535".into(),
            aliases: Vec::new(),
            products: vec![VexProduct { id: "pkg:deb/debian/openssl".into(), subcomponents: Vec::new() }],
            status: VexStatus::NotAffected,
            justification: "vulnerable_code_not_present".into(),
            statement: String::new(),
            author: "someone".into(),
            timestamp: None,
        }),
    ]
}

/// Every question that can be asked, and its answer or its error.
fn interrogate(database: &Database) -> Result<String, DatabaseError> {
    let mut answers = format!("{:?} {:?} {:?}", database.info().feeds, database.covers("npm"), database.has_exploitation_feeds());
    for (namespace, name) in
        [("debian:12", "openssl"), ("debian:11", "openssl"), ("debian:12", "curl"), ("pypi", "django"), ("pypi", "x")]
    {
        for entry in database.entries(namespace, name)? {
            let head = (entry.feed(), entry.id(), entry.primary_id(), entry.affected());
            let _ = writeln!(answers, "{head:?} {:?} {:?}", entry.advisory()?, entry.aliases()?);
        }
    }
    for id in ["CVE-2024-5535", "CVE-2023-38545", "CVE-2024-0001", "PYSEC-2024-1", "CVE-2000-0001"] {
        let _ = writeln!(answers, "{:?} {:?} {:?}", database.cve(id)?, database.records(id)?, database.vex(id)?);
    }
    Ok(answers)
}

#[test]
fn every_flipped_bit_is_an_error_or_changes_nothing() {
    let mut bytes = encode(&small());
    let expected = interrogate(&open(bytes.clone()).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plimsoll.db");
    for place in 0..bytes.len() {
        // The padding of the header is all alike; of every byte that says something all bits are flipped.
        for bit in if (240..4092).contains(&place) { 0..1 } else { 0..8 } {
            bytes[place] ^= 1 << bit;
            std::fs::write(&path, &bytes).unwrap();
            bytes[place] ^= 1 << bit;
            let Ok(database) = Database::open(&path) else { continue };
            assert!(database.verify().is_err(), "byte {place} bit {bit}");
            if let Ok(answers) = interrogate(&database) {
                assert_eq!(answers, expected, "byte {place} bit {bit}");
            }
        }
    }
}

/// Makes all checksums right again, as somebody who forges a database would.
fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let table = u64::from_le_bytes(bytes[32..40].try_into().unwrap()) as usize;
    let sums: Vec<u8> = bytes[4096..table].chunks(4096).flat_map(|block| crc32fast::hash(block).to_le_bytes()).collect();
    bytes.splice(table.., sums);
    let sum = crc32fast::hash(&bytes[table..]).to_le_bytes();
    bytes[40..44].copy_from_slice(&sum);
    let sum = crc32fast::hash(&bytes[..4092]).to_le_bytes();
    bytes[4092..4096].copy_from_slice(&sum);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_forged_file_never_panics(changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12), header: bool) {
        let mut bytes = encode(&small());
        let end = u64::from_le_bytes(bytes[32..40].try_into().unwrap()) as usize;
        for (place, value) in changes {
            // Lengths, offsets and sizes in the header, or what the sections say.
            let place = if header { 48 + place.index(192) } else { 4096 + place.index(end - 4096) };
            bytes[place] = value;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("forged.db");
        std::fs::write(&path, with_checksums(bytes)).unwrap();
        if let Ok(database) = Database::open(&path) {
            let _ = interrogate(&database);
            for number in 0..30 {
                let _ = database.search(&format!("CVE-2024-{number:04}"));
            }
            let _ = database.search("pkg:deb/debian/openssl").map(|_| ());
            let _ = database.search("pkg:pypi/django").map(|_| ());
        }
    }
}

#[test]
fn a_cut_file_is_an_error() {
    let bytes = encode(&small());
    for length in (0..bytes.len()).rev().step_by(7) {
        assert!(open(bytes[..length].to_vec()).is_err(), "{length}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(open(longer).is_err());
}

#[test]
fn answers() {
    let database = open(encode(&small())).unwrap();
    let entries = database.entries("pypi", "django").unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].id(), entries[0].primary_id()), ("PYSEC-2024-1", "CVE-2024-0001"));
    assert_eq!(entries[0].aliases().unwrap(), ["GHSA-aaaa", "PYSEC-2024-1"]);
    assert_eq!(database.info().kind, "full");
    assert_eq!(database.info().built, Some("2024-10-10T00:00:00Z".parse().unwrap()));
    assert_eq!(database.covers("debian:12").unwrap()[0].feed, "debian-dsa");
    assert_eq!(database.covers("npm").unwrap().len(), 2);
    assert_eq!(database.covers("debian:10"), None);
    let has = database.has_exploitation_feeds();
    assert!(has.kev && has.epss && !has.exploit_code);

    let SearchResult::Package { entries, .. } = database.search("pkg:deb/debian/libssl3?upstream=openssl").unwrap() else {
        panic!()
    };
    let found: Vec<_> = entries.iter().map(|entry| (entry.affected().namespace.as_str(), entry.id())).collect();
    assert_eq!(found, [("debian:11", "CVE-2024-5535"), ("debian:12", "CVE-2024-5535")]);
    let SearchResult::Id { facts, advisories, .. } = database.search("cve-2024-5535").unwrap() else { panic!() };
    assert_eq!(facts.unwrap().epss.unwrap().score.to_bits(), 0.00043_f64.to_bits());
    assert_eq!(advisories[0].advisory.affected.len(), 2);
    assert!(matches!(database.search("pkg:nonsense"), Err(DatabaseError::Query { .. })));
}

#[test]
fn other_schemas_say_what_to_do() {
    let bytes = encode(&small());
    let with = |schema: u32| {
        let mut bytes = bytes.clone();
        bytes[16..20].copy_from_slice(&schema.to_le_bytes());
        open(bytes).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(with(2).contains("upgrade"), "{}", with(2));
    assert!(with(0).contains("too old"), "{}", with(0));
    assert!(open(b"PK\x03\x04 something else".to_vec()).err().unwrap().to_string().contains("is not an advisory database"));
}

#[test]
fn many_threads_get_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plimsoll.db");
    std::fs::write(&path, encode(&small())).unwrap();
    let database = Database::open(&path).unwrap();
    let expected = interrogate(&open(encode(&small())).unwrap()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(interrogate(&database).unwrap(), expected);
                    assert_eq!(interrogate(&Database::open(&path).unwrap()).unwrap(), expected);
                }
            });
        }
    });
}

fn write_to(path: &Path, all: &[Said]) -> Result<(), DatabaseError> {
    let mut writer = Writer::new();
    for said in all {
        if let Said::Advisory(feed, advisory) = said {
            writer.add(feed, advisory.clone());
        }
    }
    writer.finish(feeds(), "full", path).map(|_| ())
}

#[test]
fn an_open_database_outlives_its_replacement() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plimsoll.db");
    write_to(&path, &small()).unwrap();
    let old = Database::open(&path).unwrap();
    write_to(&path, &[]).unwrap();
    assert_eq!(old.entries("debian:12", "openssl").unwrap().len(), 1);
    assert!(Database::open(&path).unwrap().entries("debian:12", "openssl").unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(write_to(folder.path(), &small()).is_err(), "a folder");
    assert!(write_to(&folder.path().join("no/such/folder/x.db"), &small()).is_err());
    assert!(write_to(Path::new("/dev/full"), &small()).is_err());
    assert!(!std::fs::metadata("/dev/full").is_ok_and(|metadata| metadata.is_file()), "a device is never replaced");
}

/// The other half of [`a_killed_writer_leaves_a_whole_file`], run by it as a process of its own.
#[test]
#[ignore = "runs until it is killed"]
fn writes_until_killed() {
    let Some(path) = std::env::var_os("PLIMSOLL_TEST_WRITES_TO") else { return };
    loop {
        write_to(Path::new(&path), &small()).unwrap();
        write_to(Path::new(&path), &[]).unwrap();
    }
}

#[test]
fn a_killed_writer_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plimsoll.db");
    for round in 0..20 {
        write_to(&path, &small()).unwrap();
        let mut writer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["database::writes_until_killed", "--exact", "--ignored"])
            .env("PLIMSOLL_TEST_WRITES_TO", &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(5 + 7 * round));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let database = Database::open(&path).unwrap();
        database.verify().unwrap();
        assert!(matches!(database.entries("debian:12", "openssl").unwrap().len(), 0 | 1));
    }
}

#[test]
fn what_a_killed_writer_left_goes_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plimsoll.db");
    let make = |name: &str, age: u64| {
        let file = std::fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(age)).unwrap();
    };
    make(".plimsoll.db.123.tmp", 7200);
    make(".plimsoll.db.124.tmp", 60);
    make(".plimsoll.db.notes.tmp", 7200);
    write_to(&path, &small()).unwrap();
    let mut left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".plimsoll.db.124.tmp", ".plimsoll.db.notes.tmp", "plimsoll.db"]);
}

/// Needs the right to mount: a file system of 128 KiB holds the old database and not the new one beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut mount) = testing::tool("mount", &["--version"]) else { return };
    let mounted =
        mount.args(["-t", "tmpfs", "-o", "size=128k", "tmpfs"]).arg(folder.path()).stderr(std::process::Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        let _: Option<()> = testing::skip("the right to mount");
        return;
    }
    let path = folder.path().join("plimsoll.db");
    let result = write_to(&path, &small()).and_then(|()| {
        let long = (0..20_000_u32).map(|number| {
            let title = format!("{:x}{:x}", number.wrapping_mul(2_654_435_761), number.wrapping_mul(40_503).rotate_left(16));
            Said::Advisory("debian-dsa", Advisory { id: format!("CVE-2024-{number:05}"), title, ..Advisory::default() })
        });
        write_to(&path, &long.collect::<Vec<_>>())
    });
    let found = Database::open(&path).and_then(|database| database.entries("debian:12", "openssl").map(|entries| entries.len()));
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    let _ = std::process::Command::new("umount").arg(folder.path()).status();
    assert!(matches!(result, Err(DatabaseError::Write { .. })), "{result:?}");
    assert_eq!((found.unwrap(), left), (1, 1));
}
