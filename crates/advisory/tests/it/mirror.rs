//! Advisories out of a package mirror that is made here and signed with a key of our own.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use advisory::build::EMBEDDED;
use advisory::database::Database;
use advisory::mirror::{self, HostMirrors, Keyring, MirrorError, MirrorOptions, Target, host_mirrors};
use client::{ClientOptions, Environment, HttpClient};
use model::advisory::Status;
use model::coverage::Level;
use sha2::{Digest as _, Sha256};
use testing::server::{Reply, Server};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn archive(path: &str, content: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    gzip(&builder.into_inner().unwrap())
}

fn entry(source: &str, version: &str, text: &str) -> String {
    format!(
        "{source} ({version}) bookworm-security; urgency=high\n\n  * {text}\n\n -- A <a@b>  Fri, 01 Mar 2024 10:00:00 +0000\n\n"
    )
}

/// A key pair in a folder of its own.
struct Key(tempfile::TempDir);

impl Key {
    fn new() -> Option<Self> {
        testing::tool("gpg", &["--version"])?;
        testing::tool("gpgv", &["--version"])?;
        let key = Self(tempfile::tempdir().unwrap());
        key.gpg(&["--passphrase", "", "--quick-gen-key", "test@example.org", "ed25519", "sign", "never"], b"");
        Some(key)
    }

    fn gpg(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new("gpg")
            .args(["--batch", "--quiet", "--homedir"])
            .arg(self.0.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "gpg {arguments:?}");
        output.stdout
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        self.gpg(&["--clearsign"], text.as_bytes())
    }

    fn public(&self) -> Keyring {
        Keyring::Inline(String::from_utf8(self.gpg(&["--armor", "--export"], b"")).unwrap())
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// A binary package with one file of documentation.
fn deb(path: &str, content: &[u8]) -> Vec<u8> {
    deb_of("x", &[(path, Ok(content))])
}

/// A binary package with documentation: files, or links to other places.
fn deb_of(folder: &str, members: &[(&str, Result<&[u8], &str>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |path: String, content: &Result<&[u8], &str>| {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        match content {
            Ok(content) => {
                header.set_size(content.len() as u64);
                builder.append_data(&mut header, path, *content).unwrap();
            }
            Err(target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_size(0);
                builder.append_link(&mut header, path, target).unwrap();
            }
        }
    };
    add(format!("./usr/bin/{folder}"), &Ok(b"program"));
    for (path, content) in members {
        add(format!("./usr/share/doc/{path}"), content);
    }
    let data = gzip(&builder.into_inner().unwrap());
    let mut package = b"!<arch>\n".to_vec();
    for (name, content) in [("debian-binary", b"2.0\n".to_vec()), ("control.tar.gz", vec![0; 7]), ("data.tar.gz", data)] {
        package.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, content.len()).bytes());
        package.extend(&content);
        package.resize(package.len().next_multiple_of(2), b'\n');
    }
    package
}

/// What a list says of a binary package, which is put into the mirror.
fn binary(files: &mut Files, base: &str, name: &str, source: &str, version: &str, bytes: Vec<u8>) -> String {
    let path = format!("pool/b/{name}.deb");
    let stanza = format!(
        "Package: {name}\nSource: {source}\nVersion: {version}\nFilename: {path}\nSize: {}\nSHA256: {}\n\n",
        bytes.len(),
        sha256(&bytes)
    );
    files.insert(format!("/{base}/{path}"), bytes);
    stanza
}

/// Puts a suite with these sources (name, version, format, file name and bytes) into a mirror.
fn add_suite(
    files: &mut Files,
    base: &str,
    suite: &str,
    valid_until: &str,
    sources: &[(&str, &str, &str, &str, Vec<u8>)],
    binaries: &str,
    key: &Key,
) {
    let mut list = String::new();
    for (name, version, format, file, bytes) in sources {
        let _ = write!(
            list,
            "Package: {name}\nVersion: {version}\nFormat: {format}\nChecksums-Sha256:\n {} {} {file}\nDirectory: pool/{name}\n\n",
            sha256(bytes),
            bytes.len()
        );
        files.insert(format!("/{base}/pool/{name}/{file}"), bytes.clone());
    }
    let mut release = format!("Codename: {suite}\nDate: Sat, 02 Mar 2024 00:00:00 UTC\nValid-Until: {valid_until}\nSHA256:\n");
    for (path, list) in [("main/source/Sources.gz", list.as_str()), ("main/binary-mips64el/Packages.gz", binaries)] {
        let list = gzip(list.as_bytes());
        let _ = writeln!(release, " {} {} {path}", sha256(&list), list.len());
        files.insert(format!("/{base}/dists/{suite}/{path}"), list);
    }
    files.insert(format!("/{base}/dists/{suite}/InRelease"), key.sign(&release));
}

const FAR: &str = "Sat, 02 Mar 2999 00:00:00 UTC";

fn mirror_files(key: &Key, valid_until: &str) -> Files {
    let curl = entry("curl", "7.88-2+deb12u2", "CVE-2024-0002 and CVE-2024-0001 again")
        + &entry("curl", "7.88-2+deb12u1", "Fix CVE-2024-0001");
    let newer = entry("curl", "7.88-2+deb12u3", "CVE-2024-0003") + &curl;
    let diff = entry("old", "1-1+deb12u1", "CVE-2024-0009").lines().fold(String::new(), |text, line| text + "+" + line + "\n");
    let diff = gzip(format!("--- a/debian/changelog\n+++ b/debian/changelog\n@@ -0,0 +1,6 @@\n{diff}").as_bytes());
    let native = archive("native-2/debian/changelog", &entry("native", "2", "CVE-2024-0008"));
    let security = [
        ("curl", "7.88-2+deb12u2", "3.0 (quilt)", "curl_2.debian.tar.gz", archive("debian/changelog", &curl)),
        ("old", "1-1+deb12u1", "1.0", "old_1.diff.gz", diff),
        ("native", "2", "3.0 (native)", "native_2.tar.gz", native),
    ];
    let main = [
        ("curl", "7.88-2+deb12u3", "3.0 (quilt)", "curl_3.debian.tar.gz", archive("debian/changelog", &newer)),
        ("bash", "5", "3.0 (quilt)", "bash.debian.tar.gz", archive("debian/changelog", &entry("bash", "5", "CVE-2024-0007"))),
        (
            "zsh",
            "5-1+deb12u1",
            "3.0 (quilt)",
            "zsh.debian.tar.gz",
            archive("debian/changelog", &entry("zsh", "5-1+deb12u1", "CVE-2024-0006")),
        ),
    ];
    let mut files = Files::new();
    add_suite(&mut files, "debian-security", "bookworm-security", valid_until, &security, "", key);
    add_suite(&mut files, "debian", "bookworm", FAR, &main, "", key);
    files
}

struct Bench {
    files: Arc<Mutex<Files>>,
    server: Server,
    folder: tempfile::TempDir,
    options: MirrorOptions,
    client: HttpClient,
}

impl Bench {
    fn new(files: Files, key: &Key) -> Self {
        let files = Arc::new(Mutex::new(files));
        let served = Arc::clone(&files);
        let server = Server::start(move |asked| {
            served.lock().unwrap().get(&asked.path).map_or(Reply::status(404), |bytes| Reply::ok(bytes.clone()))
        });
        let folder = tempfile::tempdir().unwrap();
        let mirrors = HostMirrors { keyrings: vec![key.public()], check_valid_until: true, ..HostMirrors::default() };
        let options = MirrorOptions {
            target: Target::parse("debian:bookworm").unwrap(),
            mirrors: mirrors.with_named(&[format!("{}/debian/", server.address())], "debian"),
            feeds: folder.path().join("feeds"),
            cache: folder.path().join("mirror"),
            once: false,
        };
        let client = HttpClient::new(&ClientOptions { environment: Environment::of([("A", "b")]), ..ClientOptions::default() });
        Self { files, server, folder, options, client }
    }

    fn build(&self) -> Result<PathBuf, MirrorError> {
        let out = self.folder.path().join("plimsoll.db");
        mirror::build(&self.options, &out, false, &self.client, &|_| {}).map(|_| out)
    }
}

fn fixes(database: &Database, name: &str) -> Vec<String> {
    let entries = database.entries("debian:12", name).unwrap();
    entries.iter().map(|entry| format!("{} {}", entry.id(), entry.affected().ranges[0])).collect()
}

#[test]
fn a_mirror_of_our_own() {
    let Some(key) = Key::new() else { return };
    let bench = Bench::new(mirror_files(&key, FAR), &key);
    let database = Database::open(&bench.build().unwrap()).unwrap();
    // The newest changelog counts, each CVE with the oldest version that names it.
    assert_eq!(
        fixes(&database, "curl"),
        ["CVE-2024-0001 < 7.88-2+deb12u1", "CVE-2024-0002 < 7.88-2+deb12u2", "CVE-2024-0003 < 7.88-2+deb12u3"]
    );
    assert_eq!(fixes(&database, "old"), ["CVE-2024-0009 < 1-1+deb12u1"]);
    assert_eq!(fixes(&database, "native"), ["CVE-2024-0008 < 2"]);
    assert!(fixes(&database, "bash").is_empty(), "the security suite does not carry it");
    assert_eq!(fixes(&database, "zsh"), ["CVE-2024-0006 < 5-1+deb12u1"], "it was updated in the release");
    let covers = database.covers("debian:12").unwrap();
    assert_eq!(
        (covers[0].feed.as_str(), covers[0].as_of.as_str(), covers[0].level),
        ("debian-mirror", "2024-03-02", Level::FixedOnly)
    );
    // What is known to be exploited is known beside it, and covers nothing more than in part.
    assert!(
        database.has_exploitation_feeds().kev && database.cve("CVE-2021-44228").unwrap().is_some_and(|facts| facts.kev.is_some())
    );
    assert!(database.info().feeds.iter().any(|feed| feed.name == EMBEDDED && feed.records > 100));
    let of_maven = database.covers("bitnami").unwrap();
    assert!(of_maven.iter().all(|feed| feed.feed == EMBEDDED && feed.level == Level::Partial), "{of_maven:?}");

    // A second time only the lists are asked for, and the bytes are the same.
    let before = fs::read(bench.build().unwrap()).unwrap();
    bench.server.take_asked();
    assert!(fs::read(bench.build().unwrap()).unwrap() == before);
    let asked = bench.server.take_asked();
    assert!(asked.iter().all(|asked| asked.path.contains("/dists/")), "{asked:?}");
}

#[test]
fn a_mirror_without_sources() {
    let Some(key) = Key::new() else { return };
    let mut files = Files::new();
    let source = |name: &'static str| (name, "1-2", "3.0 (quilt)", "x.debian.tar.gz", name.as_bytes().to_vec());
    let sources = ["whole", "cut", "linked", "native", "lost", "upstream"].map(source);
    let whole = entry("whole", "1-2", "CVE-2024-0002") + &entry("whole", "1-1", "CVE-2024-0001");
    let cut = entry("cut", "1-2", "CVE-2024-0003") + "# Older entries have been removed from this changelog.\n";
    let of = |name: &str, text: &str| deb(&format!("{name}/changelog.Debian.gz"), &gzip(text.as_bytes()));
    let mut list = String::new();
    let mut add = |name: &str, source: &str, version: &str, bytes: Vec<u8>| {
        list.push_str(&binary(&mut files, "debian-security", name, source, version, bytes));
    };
    add("whole-bin", "whole (1-2)", "1-2+b1", of("whole-bin", &whole));
    add("cut-bin", "cut", "1-2", of("cut-bin", &cut));
    // The smallest has none of its own, and says whose stands for it.
    add("linked-meta", "linked", "1-2", deb_of("a", &[("linked-meta", Err("linked-doc"))]));
    for number in 0..10 {
        let name = format!("linked-{number}");
        add(&name, "linked", "1-2", deb(&format!("{name}/README"), &[b'x'; 3000]));
    }
    let text = entry("linked", "1-2", "CVE-2024-0004");
    let gz = gzip(text.as_bytes());
    let padding: Vec<u8> = (0..20_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    add(
        "linked-doc",
        "linked",
        "1-2",
        deb_of("linked-doc", &[("linked-doc/x", Ok(&padding)), ("linked-doc/changelog.Debian.gz", Ok(&gz))]),
    );
    add("native", "native", "1-2", deb("native/changelog.gz", &gzip(entry("native", "1-2", "CVE-2024-0005").as_bytes())));
    add("lost-bin", "lost", "1-1", of("lost-bin", &entry("lost", "1-1", "CVE-2024-0006")));
    add("upstream", "upstream", "1-2", deb("upstream/changelog.gz", &gzip(b"2024-01-01  fix CVE-2024-0007\n")));
    let lists = list.clone();
    add_suite(&mut files, "debian-security", "bookworm-security", FAR, &sources, &lists, &key);
    add_suite(&mut files, "debian", "bookworm", FAR, &[source("bash")], "", &key);
    files.retain(|path, _| !path.contains("/pool/") || path.ends_with(".deb"));
    let bench = Bench::new(files, &key);
    let summary = mirror::fetch(&bench.options, &bench.client, &|_| {}).unwrap();
    assert_eq!((summary.sources, summary.from_binaries, summary.unread), (6, 4, 2));
    assert!(
        summary.notes.iter().any(|note| note.contains("2 of the 6") && note.contains("(lost, upstream)")),
        "{:?}",
        summary.notes
    );

    let database = Database::open(&bench.build().unwrap()).unwrap();
    assert_eq!(fixes(&database, "whole"), ["CVE-2024-0001 < 1-1", "CVE-2024-0002 < 1-2"]);
    assert_eq!(fixes(&database, "linked"), ["CVE-2024-0004 < 1-2"]);
    assert_eq!(fixes(&database, "native"), ["CVE-2024-0005 < 1-2"]);
    // Gaps stand beside what is known, and are none of it.
    assert_eq!(fixes(&database, "cut"), ["CVE-2024-0003 < 1-2", "changelog of cut < 1-2"]);
    for (name, title) in [
        ("lost", "the changelog of lost 1-2 could not be read from the mirror"),
        ("upstream", "the changelog of upstream 1-2 could not be read from the mirror"),
        ("cut", "the changelog of cut that the mirror has begins with 1-2"),
    ] {
        let entries = database.entries("debian:12", name).unwrap();
        let gap = entries.iter().find(|entry| entry.affected().status == Status::Unread).unwrap();
        assert_eq!((gap.advisory().unwrap().title.as_str(), gap.affected().ranges[0].to_string().as_str()), (title, "< 1-2"));
    }

    // What was read is kept; a package that is not the one in the list is an attack or a fault.
    bench.server.take_asked();
    bench.build().unwrap();
    let asked = bench.server.take_asked();
    let debs: Vec<_> = asked.iter().filter(|asked| asked.path.ends_with(".deb")).map(|asked| asked.path.as_str()).collect();
    assert_eq!(debs, ["/debian-security/pool/b/upstream.deb"]);
    let length = bench.files.lock().unwrap()["/debian-security/pool/b/upstream.deb"].len();
    bench.files.lock().unwrap().insert("/debian-security/pool/b/upstream.deb".to_owned(), vec![0; length]);
    let error = bench.build().unwrap_err().to_string();
    assert!(error.contains("checksum differs"), "{error}");
}

#[test]
fn a_mirror_that_is_not_to_be_trusted() {
    let Some(key) = Key::new() else { return };
    let bench = Bench::new(mirror_files(&key, FAR), &key);
    let release = "/debian-security/dists/bookworm-security/InRelease";
    let set = |path: &str, bytes: Vec<u8>| bench.files.lock().unwrap().insert(path.to_owned(), bytes).unwrap();
    let refused = |what: &str| {
        let error = bench.build().unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    };

    // One letter of the signed text; a text without a signature; another's key.
    let good = set(release, Vec::new());
    let text = String::from_utf8(good.clone()).unwrap();
    set(release, text.replace("2999", "2998").into_bytes());
    refused("its signature is wrong");
    set(release, b"Codename: bookworm-security\nDate: Sat, 02 Mar 2024 00:00:00 UTC\n".to_vec());
    refused("no signature that can be checked");
    let other = Key::new().unwrap();
    let foreign = mirror_files(&other, FAR).remove(release).unwrap();
    set(release, foreign);
    refused("none of the keys");
    // Another suite's list, signed as it should be.
    let main = bench.files.lock().unwrap()["/debian/dists/bookworm/InRelease"].clone();
    set(release, main);
    refused("it is the list of suite `bookworm`");
    set(release, good);

    let list = "/debian-security/dists/bookworm-security/main/source/Sources.gz";
    let good = set(list, gzip(b"Package: x\n"));
    refused("is not the file that its list names");
    set(list, good);
    // The changelog that counts is the one in the main suite.
    let archive_path = "/debian/pool/curl/curl_3.debian.tar.gz";
    let length = bench.files.lock().unwrap()[archive_path].len();
    let good = set(archive_path, vec![0; length]);
    refused("checksum differs");
    set(archive_path, good);
    assert!(!bench.folder.path().join("plimsoll.db").exists());
    bench.build().unwrap();

    let expired = Bench::new(mirror_files(&key, "Sun, 03 Mar 2024 00:00:00 UTC"), &key);
    let error = expired.build().unwrap_err();
    assert!(matches!(error, MirrorError::Expired { .. }), "{error}");
    let mut lenient = expired.options.clone();
    lenient.mirrors.check_valid_until = false;
    let summary = mirror::fetch(&lenient, &expired.client, &|_| {}).unwrap();
    assert!(summary.notes.iter().any(|note| note.contains("was valid until 2024-03-03")), "{:?}", summary.notes);
}

#[test]
fn an_rpm_repository() {
    let errata = gzip(
        br#"<updates><update type="security" status="final"><id>ALSA-2024:1</id><title>curl</title><issued date="2024-03-01 00:00:00"/>
        <references><reference href="x" id="CVE-2024-0001" type="cve"/></references><pkglist><collection>
        <package name="curl" version="7.76.1" release="29.el9" epoch="0" arch="x86_64"/></collection></pkglist></update></updates>"#,
    );
    let list = format!(
        r#"<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="updateinfo"><checksum type="sha256">{}</checksum>
        <location href="repodata/u.xml.gz"/><size>{}</size></data></repomd>"#,
        sha256(&errata),
        errata.len()
    );
    let files =
        Files::from([("/a/repodata/repomd.xml".to_owned(), list.into_bytes()), ("/a/repodata/u.xml.gz".to_owned(), errata)]);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(move |asked| files.get(&asked.path).map_or(Reply::status(404), |bytes| Reply::ok(bytes.clone())));
    let options = MirrorOptions {
        target: Target::parse("almalinux:9").unwrap(),
        mirrors: HostMirrors::default().with_named(&[format!("{}/a", server.address())], "almalinux"),
        feeds: folder.path().join("feeds"),
        cache: folder.path().join("mirror"),
        once: true,
    };
    let client = HttpClient::new(&ClientOptions::default());
    let out = folder.path().join("plimsoll.db");
    mirror::build(&options, &out, false, &client, &|_| {}).unwrap();
    let database = Database::open(&out).unwrap();
    let entries = database.entries("almalinux:9", "curl").unwrap();
    assert_eq!(entries.iter().map(|entry| entry.affected().ranges[0].to_string()).collect::<Vec<_>>(), ["< 7.76.1-29.el9"]);
}

#[test]
fn the_configuration_of_apt() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "etc/apt/sources.list",
        "# deb http://commented/ bookworm main\ndeb http://old/debian bullseye main # x\ndeb-src [arch=amd64 signed-by=/k/a.gpg,/k/b.gpg] https://one/debian bookworm main\ndeb cdrom:[x]/ bookworm main\ndeb http://else/ stable main\n",
    );
    write(
        "etc/apt/sources.list.d/debian.sources",
        "Types: deb\nURIs: http://two/debian mirror+file:/etc/apt/mirrors.txt\nSuites: bookworm bookworm-updates\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n AAEC\n -----END PGP PUBLIC KEY BLOCK-----\n\nEnabled: no\nURIs: http://off/debian\nSuites: bookworm\n\n# comment\nTypes: deb\nURIs: http://sec/debian-security\nSuites: bookworm-security\n",
    );
    write("etc/apt/mirrors.txt", "http://three/debian priority:1\nftp://no\n");
    write(
        "etc/apt/apt.conf.d/90x",
        "// Acquire::Check-Valid-Until \"true\";\nAcquire::Check-Valid-Until \"false\";\nAcquire::http::Proxy \"http://proxy:3128/\";\n",
    );
    let found = host_mirrors(root.path(), &Target::parse("debian:12").unwrap());
    assert_eq!(found.main, ["https://one/debian", "http://two/debian", "http://three/debian", "http://old/debian"]);
    assert_eq!(found.security, ["http://sec/debian-security"]);
    assert_eq!(found.keyrings.len(), 3);
    assert!(matches!(&found.keyrings[2], Keyring::Inline(text) if text.contains("AAEC")));
    assert_eq!((found.proxy.as_deref(), found.check_valid_until), (Some("http://proxy:3128/"), false));

    let empty = host_mirrors(Path::new("/nonexistent"), &Target::parse("debian:12").unwrap());
    assert_eq!(empty, HostMirrors { check_valid_until: true, ..HostMirrors::default() });
    let named = found.with_named(&["http://m/debian/".to_owned()], "debian");
    assert_eq!(named.security, ["http://m/debian", "http://m/debian-security"]);
}
