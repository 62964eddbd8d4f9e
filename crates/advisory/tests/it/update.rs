//! Feeds brought from a server on loopback, and finished databases taken over.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use advisory::database::Database;
use advisory::update::finished::{Origin, take};
use advisory::update::{Outcome, UpdateError, UpdateOptions, UpdateSummary, update};
use client::{ClientOptions, Environment, HttpClient};
use sha2::{Digest as _, Sha256};
use testing::server::{Asked, Reply, Server};

const KEV: &str = "kev/known_exploited_vulnerabilities.json";
const CRATES: &str = "osv/crates.io/all.zip";
const HACKAGE: &str = "osv/Hackage/all.zip";
const DSA: &str = "debian/data/DSA/list";

/// A client that reaches loopback alone: every other server is behind a proxy that refuses.
fn client(proxy: &Server) -> HttpClient {
    let environment = Environment::of([("HTTPS_PROXY", proxy.address()), ("HTTP_PROXY", proxy.address())]);
    HttpClient::new(&ClientOptions { environment, ..ClientOptions::default() })
}

fn refusing() -> Server {
    Server::start(|_| Reply::status(403))
}

fn outcome<'a>(summary: &'a UpdateSummary, feed: &str) -> &'a Outcome {
    &summary.files.iter().find(|(file, _)| file.feed == feed).unwrap().1
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A server of files by their paths, with entity tags, ranges and conditions.
struct Files(Mutex<BTreeMap<String, Vec<u8>>>);

impl Files {
    fn answer(&self, asked: &Asked) -> Reply {
        let Some(body) = self.0.lock().unwrap().get(asked.path.trim_start_matches('/')).cloned() else {
            return Reply::status(404);
        };
        let tag = format!("\"{}\"", sha256(&body));
        if asked.header("if-none-match") == Some(&tag) {
            return Reply::status(304).with("ETag", tag);
        }
        if let (Some(range), Some(true)) = (asked.header("range"), asked.header("if-range").map(|given| given == tag)) {
            let from: usize = range.strip_prefix("bytes=").unwrap().trim_end_matches('-').parse().unwrap();
            let content_range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
            let rest = Reply { status: 206, body: body[from..].to_vec(), ..Reply::default() };
            return rest.with("ETag", tag).with("Content-Range", content_range);
        }
        Reply::ok(body).with("ETag", tag).with("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")
    }
}

#[test]
fn feeds_come_and_stay() {
    let Some(real) = testing::real_data("feeds") else { return };
    let read = |place: &str| fs::read(real.join(place)).unwrap();
    let files = Arc::new(Files(Mutex::new([KEV, CRATES, HACKAGE, DSA].map(|place| (place.to_owned(), read(place))).into())));
    let (kev_times, crates_times) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let served = Arc::clone(&files);
    let server = Server::start(move |asked| {
        let reply = served.answer(asked);
        if asked.path.ends_with(KEV) && kev_times.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply::status(429).with("Retry-After", "0");
        }
        if asked.path.ends_with(CRATES) && crates_times.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply { cut: Some(reply.body.len() / 2), ..reply };
        }
        reply
    });
    let proxy = refusing();
    let client = client(&proxy);
    let folder = tempfile::tempdir().unwrap();
    let places =
        [("kev", KEV), ("osv-crates.io", CRATES), ("osv-hackage", HACKAGE), ("debian-dsa", DSA), ("debian-dla", "nothing/here")];
    let options = UpdateOptions {
        feeds: folder.path().join("feeds"),
        out: folder.path().join("plimsoll.db"),
        sources: places.map(|(feed, place)| (feed.to_owned(), format!("{}/{place}", server.address()))).into(),
        ..UpdateOptions::default()
    };
    let run = || update(&options, &client, &|_| {});

    // 429 is waited for, and the cut transfer goes on where it broke.
    let summary = run().unwrap();
    for (feed, place) in &places[..4] {
        assert_eq!(*outcome(&summary, feed), Outcome::Fetched { bytes: read(place).len() as u64 }, "{feed}");
        assert!(fs::read(options.feeds.join(place)).unwrap() == read(place), "{feed} is kept as it was served");
    }
    let Outcome::Missing { reason } = outcome(&summary, "debian-dla") else { panic!("it is not there") };
    assert!(reason.contains("404"), "{reason}");
    let Outcome::Missing { reason } = outcome(&summary, "arch") else { panic!("it is behind the proxy") };
    assert!(reason.contains("security.archlinux.org"), "{reason}");
    let asked = server.take_asked();
    let of = |asked: &[Asked], place: &str| asked.iter().filter(|asked| asked.path.ends_with(place)).cloned().collect::<Vec<_>>();
    assert_eq!(of(&asked, KEV).len(), 2);
    let crates = of(&asked, CRATES);
    assert_eq!(crates.len(), 2);
    assert_eq!(crates[1].header("range").unwrap(), format!("bytes={}-", read(CRATES).len() / 2));
    assert!(crates[1].header("if-range").unwrap().starts_with('"'));
    let counts = {
        let database = Database::open(&options.out).unwrap();
        database.verify().unwrap();
        assert!(database.cve("CVE-2021-44228").unwrap().unwrap().kev.is_some());
        let date = |feed: &str| database.info().feeds.iter().find(|known| known.name == feed).unwrap().as_of.clone();
        // The server's day, since what these say last is older.
        assert_eq!((date("osv-hackage"), date("kev")), ("2026-11-22".to_owned(), "2026-11-22".to_owned()));
        database.counts()
    };

    // Nothing new: nothing is sent.
    let summary = run().unwrap();
    assert!(places[..4].iter().all(|(feed, _)| *outcome(&summary, feed) == Outcome::Unchanged), "{:?}", summary.files);
    assert!(of(&server.take_asked(), CRATES).iter().all(|asked| asked.header("if-none-match").is_some()));

    // One feed shrinks, one is damaged, one is gone: the kept copies go on to serve.
    let mut shrunken: serde_json::Value = serde_json::from_slice(&read(KEV)).unwrap();
    shrunken["vulnerabilities"].as_array_mut().unwrap().truncate(1000);
    shrunken["count"] = 1000.into();
    {
        let mut files = files.0.lock().unwrap();
        files.insert(KEV.to_owned(), serde_json::to_vec(&shrunken).unwrap());
        files.get_mut(HACKAGE).unwrap().truncate(10_000);
        files.remove(DSA);
    }
    let summary = run().unwrap();
    for (feed, why) in
        [("kev", "it holds 1000 records and the last one held 1404"), ("osv-hackage", "damaged"), ("debian-dsa", "404")]
    {
        let Outcome::Kept { reason } = outcome(&summary, feed) else { panic!("{feed} is kept") };
        assert!(reason.contains(why), "{feed}: {reason}");
    }
    assert_eq!(Database::open(&options.out).unwrap().counts(), counts);

    // Nobody answers: the database stays, and the error names the servers.
    let bytes = fs::read(&options.out).unwrap();
    let away = UpdateOptions { sources: BTreeMap::new(), ..options.clone() };
    let error = update(&away, &client, &|_| {}).unwrap_err();
    assert!(matches!(&error, UpdateError::Unreachable { .. }) && error.to_string().contains("osv-pypi"), "{error}");
    assert!(fs::read(&options.out).unwrap() == bytes);
}

#[test]
fn a_transfer_goes_on_in_a_later_run() {
    let Some(real) = testing::real_data("feeds") else { return };
    let body = fs::read(real.join(HACKAGE)).unwrap();
    let files = Files(Mutex::new([(HACKAGE.to_owned(), body.clone())].into()));
    let times = AtomicUsize::new(0);
    let server = Server::start(move |asked| {
        let reply = files.answer(asked);
        if times.fetch_add(1, Ordering::SeqCst) == 0 { Reply { cut: Some(20_000), ..reply } } else { reply }
    });
    let proxy = refusing();
    let folder = tempfile::tempdir().unwrap();
    let options = UpdateOptions {
        feeds: folder.path().join("feeds"),
        out: folder.path().join("plimsoll.db"),
        sources: [("osv-hackage".to_owned(), format!("{}/{HACKAGE}", server.address()))].into(),
        once: true,
        ..UpdateOptions::default()
    };
    assert!(matches!(update(&options, &client(&proxy), &|_| {}), Err(UpdateError::Unreachable { .. })));
    assert!(!options.out.exists());
    let summary = update(&options, &client(&proxy), &|_| {}).unwrap();
    assert_eq!(*outcome(&summary, "osv-hackage"), Outcome::Fetched { bytes: body.len() as u64 });
    assert_eq!(server.take_asked()[1].header("range").unwrap(), "bytes=20000-");
}

#[test]
fn a_whole_folder_is_served_from_one_place() {
    let Some(real) = testing::real_data("feeds") else { return };
    let mut files: BTreeMap<String, Vec<u8>> =
        ["README.md", KEV, HACKAGE, DSA].map(|place| (place.to_owned(), fs::read(real.join(place)).unwrap())).into();
    let sums: String = files.iter().map(|(place, bytes)| format!("{}  {place}\n", sha256(bytes))).collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    let files = Arc::new(Files(Mutex::new(files)));
    let served = Arc::clone(&files);
    let server = Server::start(move |asked| served.answer(asked));
    let proxy = refusing();
    let client = client(&proxy);
    let folder = tempfile::tempdir().unwrap();
    let options = UpdateOptions {
        feeds: folder.path().join("feeds"),
        out: folder.path().join("plimsoll.db"),
        sources: [("base".to_owned(), server.address())].into(),
        ..UpdateOptions::default()
    };
    update(&options, &client, &|_| {}).unwrap();
    let database = Database::open(&options.out).unwrap();
    // A server of copies says nothing of the data's age; the folder's own table does.
    let dates: Vec<_> = database.info().feeds.iter().map(|feed| feed.as_of.as_str()).collect();
    assert!(dates.iter().all(|date| *date < "2026-11-01" && !date.is_empty()), "{dates:?}");
    assert!(proxy.take_asked().is_empty());
    server.take_asked();
    update(&options, &client, &|_| {}).unwrap();
    assert!(server.take_asked().iter().all(|asked| !asked.path.ends_with(".zip")), "checksums tell what is new");

    // The same bytes as `db build` makes of the same files.
    let direct = folder.path().join("direct.db");
    advisory::build::build(&options.feeds, &direct, &|_| {}).unwrap();
    assert!(fs::read(&direct).unwrap() == fs::read(&options.out).unwrap());

    files.0.lock().unwrap().insert(KEV.to_owned(), b"{}".to_vec());
    let sums = format!("{}  {KEV}\n", "0".repeat(64));
    files.0.lock().unwrap().insert("SHA256SUMS".to_owned(), sums.into_bytes());
    let error = update(&options, &client, &|_| {}).unwrap_err().to_string();
    assert!(error.contains("checksum is not the one in SHA256SUMS"), "{error}");
}

/// A database of one fix of that day.
fn database(folder: &Path, name: &str, day: &str) -> std::path::PathBuf {
    let feeds = folder.join(format!("{name}-feeds"));
    fs::create_dir_all(feeds.join("debian/data/DSA")).unwrap();
    let text = format!("[{day}] DSA-5593-1 curl - security update\n\t{{CVE-2024-0001}}\n\t[bookworm] - curl 7.88.1-10+deb12u9\n");
    fs::write(feeds.join(DSA), text).unwrap();
    let path = folder.join(name);
    advisory::build::build(&feeds, &path, &|_| {}).unwrap();
    path
}

#[test]
fn finished_databases_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (database(folder.path(), "old.db", "01 Jan 2024"), database(folder.path(), "new.db", "01 Feb 2024"));
    let out = folder.path().join("cache/plimsoll.db");
    let none = |_: &str| -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> { Err("no registry".into()) };
    let file = |path: &Path| Origin::File(path.to_owned());
    let day = |path: &Path| Database::open(path).unwrap().info().built.unwrap().to_string();

    take(&file(&new), &out, false, &none).unwrap();
    assert_eq!(day(&out), "2024-02-01T00:00:00Z");
    let error = take(&file(&old), &out, false, &none).unwrap_err();
    assert!(matches!(&error, UpdateError::Older { .. }) && error.to_string().contains("--allow-older"), "{error}");
    assert_eq!(day(&out), "2024-02-01T00:00:00Z");
    take(&file(&old), &out, true, &none).unwrap();
    assert_eq!(day(&out), "2024-01-01T00:00:00Z");

    // From a registry, byte for byte; and one flipped bit anywhere is found.
    let bytes = fs::read(&new).unwrap();
    take(&Origin::Oci("registry/db:1".to_owned()), &out, false, &|reference| {
        assert_eq!(reference, "registry/db:1");
        Ok(bytes.clone())
    })
    .unwrap();
    assert!(fs::read(&out).unwrap() == bytes);
    let damaged = folder.path().join("damaged.db");
    for at in (0..bytes.len()).step_by(bytes.len() / 20) {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        fs::write(&damaged, &altered).unwrap();
        assert!(matches!(take(&file(&damaged), &out, true, &none), Err(UpdateError::Database(_))), "bit at {at}");
    }
    assert!(take(&file(&folder.path().join("missing")), &out, false, &none).is_err());
    assert!(take(&Origin::Oci("x".to_owned()), &out, false, &none).unwrap_err().to_string().contains("oci://x"));
    assert!(fs::read(&out).unwrap() == bytes);
    let left: Vec<_> = fs::read_dir(out.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["plimsoll.db"]);
}
