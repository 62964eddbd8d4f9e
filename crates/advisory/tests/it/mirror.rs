//! Advisories out of a package mirror: one made here and signed with a key of our own, and the real one of the machine.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use advisory::database::Database;
use advisory::mirror::{self, HostMirrors, Keyring, MirrorError, MirrorOptions, Target, host_mirrors};
use client::{ClientOptions, Environment, HttpClient};
use model::coverage::Level;
use sha2::{Digest as _, Sha256};

use crate::server::{Reply, Server};

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

/// Puts a suite with these sources (name, version, format, file name and bytes) into a mirror.
fn add_suite(
    files: &mut Files,
    base: &str,
    suite: &str,
    valid_until: &str,
    sources: &[(&str, &str, &str, &str, Vec<u8>)],
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
    let list = gzip(list.as_bytes());
    let release = format!(
        "Codename: {suite}\nDate: Sat, 02 Mar 2024 00:00:00 UTC\nValid-Until: {valid_until}\nSHA256:\n {} {} main/source/Sources.gz\n",
        sha256(&list),
        list.len()
    );
    files.insert(format!("/{base}/dists/{suite}/main/source/Sources.gz"), list);
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
    ];
    let mut files = Files::new();
    add_suite(&mut files, "debian-security", "bookworm-security", valid_until, &security, key);
    add_suite(&mut files, "debian", "bookworm", FAR, &main, key);
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
            served.lock().unwrap().get(&asked.path).map_or(Reply::of(404), |bytes| Reply::file(bytes.clone()))
        });
        let folder = tempfile::tempdir().unwrap();
        let mirrors = HostMirrors { keyrings: vec![key.public()], check_valid_until: true, ..HostMirrors::default() };
        let options = MirrorOptions {
            target: Target::parse("debian:bookworm").unwrap(),
            mirrors: mirrors.with_named(&[format!("{}/debian/", server.address)], "debian"),
            feeds: folder.path().join("feeds"),
            cache: folder.path().join("mirror"),
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
    let covers = database.covers("debian:12").unwrap();
    assert_eq!(
        (covers[0].feed.as_str(), covers[0].as_of.as_str(), covers[0].level),
        ("debian-mirror", "2024-03-02", Level::FixedOnly)
    );

    // A second time only the lists are asked for, and the bytes are the same.
    let before = fs::read(bench.build().unwrap()).unwrap();
    bench.server.take_asked();
    assert!(fs::read(bench.build().unwrap()).unwrap() == before);
    let asked = bench.server.take_asked();
    assert!(asked.iter().all(|asked| asked.path.contains("/dists/")), "{asked:?}");
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
    let server = Server::start(move |asked| files.get(&asked.path).map_or(Reply::of(404), |bytes| Reply::file(bytes.clone())));
    let options = MirrorOptions {
        target: Target::parse("almalinux:9").unwrap(),
        mirrors: HostMirrors::default().with_named(&[format!("{}/a", server.address)], "almalinux"),
        feeds: folder.path().join("feeds"),
        cache: folder.path().join("mirror"),
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

/// Sources of the real mirror whose fixes are computed anew, beside every 60th.
const SAMPLE: [&str; 4] = ["openssl", "curl", "glibc", "libx11"];

#[test]
fn the_real_mirror() {
    let target = Target::parse("debian:bookworm").unwrap();
    let mirrors = host_mirrors(Path::new("/"), &target);
    // Reads hundreds of archives over the network, so only where somebody asks for it.
    if mirrors.main.is_empty() || std::env::var_os("PLIMSOLL_TEST_MIRROR").is_none() {
        return;
    }
    for (program, argument) in
        [("gpgv", "--version"), ("curl", "--version"), ("xz", "--version"), ("tar", "--version"), ("dpkg", "--version")]
    {
        if testing::tool(program, &[argument]).is_none() {
            return;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let cache = std::env::var_os("PLIMSOLL_TEST_MIRROR_CACHE").map_or_else(|| folder.path().join("mirror"), PathBuf::from);
    let options = MirrorOptions { target, mirrors, feeds: folder.path().join("feeds"), cache };
    let out = folder.path().join("plimsoll.db");
    let client = HttpClient::new(&ClientOptions::default());
    let (summary, _) = mirror::build(&options, &out, false, &client, &|_| {}).unwrap();
    assert!(summary.sources > 300 && summary.fixes > 3000, "{summary:?}");
    let database = Database::open(&out).unwrap();

    // The same computed by curl, xz, tar and dpkg.
    let mut newest: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (security, base, suite) in [(true, &summary.mirrors[1], "bookworm-security"), (false, &summary.mirrors[0], "bookworm")] {
        let list = shell(&format!("curl -sS '{base}dists/{suite}/main/source/Sources.xz' | xz -dc"));
        for stanza in list.split("\n\n") {
            let field = |name: &str| stanza.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default();
            let Some(file) =
                stanza.lines().filter_map(|line| line.split(' ').next_back()).find(|file| file.ends_with(".debian.tar.xz"))
            else {
                continue;
            };
            let (name, version, url) = (field("Package"), field("Version"), format!("{base}{}/{file}", field("Directory")));
            let newer = match newest.get(name) {
                Some((known, _)) => dpkg(version, "gt", known),
                None => security,
            };
            if newer {
                newest.insert(name.to_owned(), (version.to_owned(), url));
            }
        }
    }
    let sample: BTreeSet<&String> =
        newest.keys().step_by(60).chain(newest.keys().filter(|name| SAMPLE.contains(&name.as_str()))).collect();
    let mut compared = 0;
    // Mirrors may list files that they do not have.
    let is_there = |url: &str| Command::new("curl").args(["-sfI", "-o", "/dev/null", url]).status().unwrap().success();
    for name in sample {
        if !is_there(&newest[name].1) {
            assert!(fixes(&database, name).is_empty());
            continue;
        }
        let changelog = shell(&format!("curl -sS '{}' | tar -xJO debian/changelog", newest[name].1));
        let mut oldest: BTreeMap<String, &str> = BTreeMap::new();
        // What was named under the source's former name was fixed in every version under this one.
        let mut before: BTreeSet<String> = BTreeSet::new();
        let mut version = "";
        for line in changelog.lines() {
            if !line.starts_with(' ') && line.contains(';') && line.contains(" (") {
                version = if line.starts_with(&format!("{name} (")) { line.split(['(', ')']).nth(1).unwrap() } else { "" };
            }
            for rest in line.split("CVE-").skip(1) {
                let parts: Vec<&str> = rest.split(|letter: char| !letter.is_ascii_digit()).take(2).collect();
                let [year, number] = parts[..] else { continue };
                if year.len() != 4 || number.len() < 4 || rest.as_bytes()[4] != b'-' || line.starts_with(" -- ") {
                    continue;
                }
                let cve = format!("CVE-{year}-{number}");
                if version.is_empty() {
                    before.insert(cve);
                } else if oldest.get(&cve).is_none_or(|known| dpkg(version, "lt", known)) {
                    oldest.insert(cve, version);
                }
            }
        }
        oldest.retain(|cve, _| !before.contains(cve));
        let expected: BTreeSet<String> = oldest.iter().map(|(cve, version)| format!("{cve} < {version}")).collect();
        let found: BTreeSet<String> = fixes(&database, name).into_iter().collect();
        assert!(found == expected, "{name}: {:?}", found.symmetric_difference(&expected).collect::<Vec<_>>());
        compared += found.len();
    }
    assert!(compared > 300, "{compared}");
}

fn shell(command: &str) -> String {
    let output = Command::new("sh").args(["-c", command]).output().unwrap();
    assert!(output.status.success(), "{command}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn dpkg(left: &str, operator: &str, right: &str) -> bool {
    Command::new("dpkg").args(["--compare-versions", left, operator, right]).status().unwrap().success()
}
