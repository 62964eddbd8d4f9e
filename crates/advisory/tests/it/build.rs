//! Feeds made a database.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use advisory::build::{BuildError, build, build_embedded, embedded};
use advisory::database::Database;

/// Feeds of two kinds, written here.
fn feeds() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "debian/data/DSA/list",
        "[02 Jan 2024] DSA-5593-1 curl - security update\n\t{CVE-2024-0001 CVE-2024-0002}\n\t[bookworm] - curl 7.88.1-10+deb12u9\n\
         [01 Jan 2024] DSA-5592-1 bash - security update\n\t{CVE-2024-0003}\n\t[bookworm] - bash 5.2.15-2+deb12u1\n",
    );
    write(
        "kev/known_exploited_vulnerabilities.json",
        r#"{"title": "x", "catalogVersion": "2024.02.03", "dateReleased": "2024-02-03T17:00:00.000Z", "count": 2, "vulnerabilities": [
            {"cveID": "CVE-2024-0002", "vendorProject": "curl", "product": "curl", "vulnerabilityName": "a name", "dateAdded": "2024-02-01",
             "shortDescription": "", "requiredAction": "", "dueDate": "2024-03-01", "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []},
            {"cveID": "CVE-2024-0099", "vendorProject": "x", "product": "x", "vulnerabilityName": "another", "dateAdded": "2024-02-01",
             "shortDescription": "", "requiredAction": "", "dueDate": "2024-03-01", "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": []}]}"#,
    );
    folder
}

#[test]
fn feeds_become_a_database() {
    let feeds = feeds();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("plimsoll.db");
    let told = std::cell::RefCell::new(Vec::new());
    let summary = build(feeds.path(), &path, &|text| told.borrow_mut().push(text.to_owned())).unwrap();
    assert_eq!(summary.database.entries, 3);
    assert_eq!(told.borrow()[..2], ["reading debian-dsa", "reading kev"]);

    let database = Database::open(&path).unwrap();
    assert_eq!(database.info().kind, "full");
    assert_eq!(database.info().sha256, Some(summary.database.sha256));
    assert_eq!(database.info().built, Some("2024-02-03T00:00:00Z".parse().unwrap()));
    let ids: Vec<_> = database.entries("debian:12", "curl").unwrap().iter().map(|entry| entry.id().to_owned()).collect();
    assert_eq!(ids, ["CVE-2024-0001", "CVE-2024-0002"]);
    assert_eq!(database.by_id("dsa-5593-1").unwrap().len(), 2);
    assert!(database.cve("CVE-2024-0099").unwrap().unwrap().kev.is_some());

    let again = out.path().join("again.db");
    build(feeds.path(), &again, &|_| {}).unwrap();
    assert!(std::fs::read(&path).unwrap() == std::fs::read(&again).unwrap(), "same feeds, same bytes");
}

#[test]
fn the_embedded_set_is_what_is_exploited_and_has_packages() {
    let feeds = feeds();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("embedded.db");
    build_embedded(feeds.path(), &path, &|_| {}).unwrap();
    let database = Database::open(&path).unwrap();
    assert_eq!(database.info().kind, "embedded");
    let entries = database.entries("debian:12", "curl").unwrap();
    assert_eq!(entries.iter().map(advisory::database::Entry::id).collect::<Vec<_>>(), ["CVE-2024-0002"]);
    let advisory = entries[0].advisory().unwrap();
    assert_eq!((advisory.title.as_str(), advisory.url.as_str()), ("", ""));
    assert!(database.entries("debian:12", "bash").unwrap().is_empty());
    let facts = database.cve("CVE-2024-0002").unwrap().unwrap();
    assert!(facts.kev.unwrap().ransomware && facts.title.is_empty());
    assert!(database.cve("CVE-2024-0099").unwrap().is_none(), "no feed has a package for it");
    assert_eq!(database.covers("debian:12").unwrap()[0].level, model::coverage::Level::Partial);
    let sources = std::fs::read_to_string(path.with_extension("md")).unwrap();
    assert!(sources.contains("| debian-dsa | 2024-01-02 | 1 | https://"), "{sources}");
    assert!(sources.contains("| kev | 2024-02-03 | 1 | https://"), "{sources}");
}

#[test]
fn the_programs_own_set_is_whole() {
    let database = embedded().unwrap();
    database.verify().unwrap();
    assert_eq!(database.info().kind, "embedded");
    assert!(database.has_exploitation_feeds().kev);
    assert!(database.counts().entries > 1000, "{:?}", database.counts());
    for (namespace, name, cve) in [("bitnami", "apache", "CVE-2021-41773"), ("debian:10", "sudo", "CVE-2021-3156")] {
        let entries = database.entries(namespace, name).unwrap();
        assert!(entries.iter().any(|entry| entry.primary_id() == cve), "{namespace} {name} {cve}");
    }
}

#[test]
fn no_feed_is_an_error_and_no_file() {
    let (feeds, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = out.path().join("x.db");
    assert!(matches!(build(feeds.path(), &path, &|_| {}), Err(BuildError::NoFeed { .. })));
    assert!(matches!(build(&feeds.path().join("absent"), &path, &|_| {}), Err(BuildError::Feed(_))));
    assert!(!path.exists());
}

/// All the real feeds: within the limits that are promised.
#[test]
fn real_feeds() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("plimsoll.db");
    let summary = build(&feeds, &path, &|_| {}).unwrap();
    assert!(summary.database.bytes < 150 << 20, "{}", summary.database.bytes);
    let database = Database::open(&path).unwrap();
    database.verify().unwrap();
    assert_eq!(database.counts().facts, summary.database.facts);
    assert!(database.entries("debian:11", "openssl").unwrap().len() > 10);
    assert!(!database.entries("pypi", "django").unwrap().is_empty());
    assert!(database.cve("CVE-2021-44228").unwrap().is_some_and(|facts| facts.kev.is_some() && facts.epss.is_some()));
    assert!(database.covers("debian:11").is_some() && database.covers("pypi").is_some());
}

#[cfg(unix)]
#[test]
fn the_number_of_threads_does_not_show() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let (some, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir(some.path().join("osv")).unwrap();
    for part in ["kev", "alpine", "osv/PyPI", "osv/crates.io"] {
        std::os::unix::fs::symlink(feeds.join(part), some.path().join(part)).unwrap();
    }
    let built = [1, 4].map(|threads| {
        let path = out.path().join("plimsoll.db");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let summary = pool.install(|| build(some.path(), &path, &|_| {})).unwrap();
        assert!(summary.database.entries > 1000);
        std::fs::read(&path).unwrap()
    });
    assert!(built[0] == built[1]);
}
