//! A database out of a package mirror: brought by the way where a scan has none, and held against a plain script of curl,
//! tar and dpkg over the real mirror of the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use testing::image::{Image, gzip, sha256};
use testing::tar::Tar;

use crate::command::{Outcome, Sandbox, ids, run};
use crate::fixture::dpkg_status;

type Files = BTreeMap<String, Vec<u8>>;

/// Serves files on loopback, and counts what was asked for; the address.
fn serve(files: Arc<Mutex<Files>>, asked: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let path = lines.next().and_then(|line| line.split(' ').nth(1).map(str::to_owned)).unwrap_or_default();
            lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
            asked.fetch_add(1, Ordering::Relaxed);
            let (status, body) =
                files.lock().unwrap().get(&path).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body.clone()));
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    address
}

/// The errata of an RPM repository whose newest is of this day.
fn repository(day: &str) -> Files {
    let errata = gzip(
        format!(
            r#"<updates><update type="security" status="final"><id>ALSA-2024:1</id><title>curl</title><issued date="{day} 00:00:00"/>
            <references><reference href="x" id="CVE-2024-0001" type="cve"/></references><pkglist><collection>
            <package name="curl" version="7.76.1" release="29.el9" epoch="0" arch="x86_64"/></collection></pkglist></update></updates>"#
        )
        .as_bytes(),
    );
    let checksum = sha256(&errata);
    let list = format!(
        r#"<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="updateinfo"><checksum type="sha256">{}</checksum>
        <location href="repodata/u.xml.gz"/><size>{}</size></data></repomd>"#,
        checksum.trim_start_matches("sha256:"),
        errata.len()
    );
    Files::from([("/a/repodata/repomd.xml".to_owned(), list.into_bytes()), ("/a/repodata/u.xml.gz".to_owned(), errata)])
}

/// The feeds cannot be reached, and the mirror of the target's distribution answers.
#[test]
fn a_scan_without_a_database_reads_the_mirror() {
    let (files, asked) = (Arc::new(Mutex::new(repository("2024-03-01"))), Arc::new(AtomicUsize::new(0)));
    let address = serve(Arc::clone(&files), Arc::clone(&asked));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let sandbox = Sandbox::new();
    let settings = format!("[feeds]\nbase = \"http://{closed}/feeds\"\nalmalinux-mirror = \"{address}/a\"\n");
    sandbox.write("plimsoll.toml", settings);
    sandbox.write("root/etc/os-release", "ID=almalinux\nVERSION_ID=\"9.4\"\n");
    let scan = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.args(["--cache-dir", "cache", "scan", "--format", "json", "dir:root"]).args(arguments);
        run(&mut command).exits(0).json()
    };
    let errata_of = || {
        let info = sandbox.run(&["db", "info", "--json"]).exits(0).json();
        let feeds = info["feeds"].as_array().unwrap().clone();
        assert!(
            feeds.iter().any(|feed| feed["name"] == "embedded") && feeds.iter().any(|feed| feed["name"] == "kev"),
            "{feeds:?}"
        );
        feeds.iter().find(|feed| feed["name"] == "updateinfo-almalinux-9").unwrap()["as_of"].as_str().unwrap().to_owned()
    };

    let begun = Instant::now();
    let report = scan(&[]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let warnings = report["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning.as_str().unwrap().contains("/feeds")), "{warnings:?}");
    assert_eq!(report["database"]["kind"], "full");
    assert_eq!(errata_of(), "2024-03-01");

    // Then there is one, and nobody is asked until the day is over.
    *files.lock().unwrap() = repository("2024-03-02");
    asked.store(0, Ordering::Relaxed);
    scan(&[]);
    scan(&["--update", "daily"]);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let database = fs::File::options().write(true).open(sandbox.cache().join("plimsoll.db")).unwrap();
    database.set_modified(SystemTime::now() - Duration::from_secs(2 * 86_400)).unwrap();
    scan(&[]);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    scan(&["--update", "daily"]);
    assert_eq!(errata_of(), "2024-03-02");
}

/// What a database knows of exploited vulnerabilities alone makes no ecosystem judged.
#[test]
fn the_embedded_set_covers_no_ecosystem() {
    let files = Arc::new(Mutex::new(repository("2024-03-01")));
    let address = serve(files, Arc::default());
    let sandbox = Sandbox::new();
    let mirror = format!("{address}/a");
    let mut update = sandbox.command();
    run(update.args(["--cache-dir", "cache", "db", "update", "--distro", "almalinux:9", "--mirror", &mirror])).exits(0);
    sandbox.write("root/etc/os-release", "ID=almalinux\nVERSION_ID=\"9.4\"\n");
    let metadata = "Metadata-Version: 2.1\nName: Jinja2\nVersion: 2.10\n\n";
    sandbox.write("root/usr/lib/python3.11/site-packages/Jinja2-2.10.dist-info/METADATA", metadata);
    let outcome = sandbox.run(&["scan", "--format", "json", "--fail-on", "critical", "dir:root"]).exits(2);
    let report = outcome.json();
    let row = report["coverage"].as_array().unwrap().iter().find(|row| row["type"] == "pypi").unwrap();
    assert_eq!((row["feed"].as_str(), row["level"].as_str()), (Some("embedded"), Some("partial")));
    assert_eq!((row["judged"].as_u64(), row["undetermined"].as_u64()), (Some(0), Some(1)));
}

/// Sources that are compared whatever else is.
const ALWAYS: [&str; 8] = ["bind9", "curl", "glibc", "imagemagick", "libxml2", "openssl", "perl", "vim"];
/// Beside them, every so many of the others.
const EVERY: usize = 25;

/// A source package, as the script knows it.
struct Known {
    version: String,
    /// Address of the archive with the changelog.
    archive: String,
    /// Addresses of binary packages built from it, smallest first.
    binaries: Vec<(u64, String)>,
}

/// What the script reads out of a changelog.
#[derive(Default)]
struct Read {
    /// The version of the release: the newest that is no update of it.
    released: String,
    /// The lowest version since the first that names each.
    fixed: BTreeMap<String, String>,
}

#[test]
fn findings_on_bookworm_equal_a_plain_script_over_the_mirror() {
    // Reads hundreds of files over the network, so only where somebody asks for it.
    if std::env::var_os("PLIMSOLL_TEST_MIRROR").is_none() {
        return;
    }
    for program in ["apt-get", "gpgv", "curl", "xz", "tar", "dpkg", "dpkg-deb"] {
        if testing::tool(program, &["--version"]).is_none() {
            return;
        }
    }
    let sandbox = Sandbox::new();
    let online = |arguments: &[&str]| -> Outcome {
        let mut command = sandbox.command();
        for name in ["PATH", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        run(command.args(["--cache-dir", "cache"]).args(arguments)).exits(0)
    };
    let said = online(&["db", "update", "--distro", "debian:bookworm"]).stderr;
    let line = said.lines().find(|line| line.contains(" fixes in ")).unwrap();
    let mirrors: Vec<&str> = line.split(", from ").nth(1).unwrap().split(" and ").collect();
    let [main, security] = mirrors[..] else { panic!("{line}") };

    let known = script_lists(main, security);
    assert!(known.len() > 500, "{}", known.len());
    let image = testing::built_image("debian12.docker.tar");
    let of_image: Value = image.as_ref().map_or(Value::Null, |image| {
        sandbox.run(&["scan", "--format", "json", &format!("docker-archive:{}", image.display())]).exits(0).json()
    });
    let sources: BTreeSet<&str> =
        of_image["packages"].as_array().into_iter().flatten().filter_map(|package| package["source"]["name"].as_str()).collect();
    let chosen: Vec<&str> = known
        .keys()
        .enumerate()
        .filter(|(number, name)| number % EVERY == 0 || ALWAYS.contains(&name.as_str()) || sources.contains(name.as_str()))
        .map(|(_, name)| name.as_str())
        .collect();
    let read = script_changelogs(&chosen, &known);
    assert!(read.len() * 10 > chosen.len() * 9, "{} of {} changelogs", read.len(), chosen.len());

    // The packages as the release brought them.
    let released: Vec<(&str, &str)> = read.iter().map(|(name, read)| (*name, read.released.as_str())).collect();
    let root = Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n")
        .file("var/lib/dpkg/status", dpkg_status(&released));
    sandbox.write("released.tar", Image::new().layer(root).docker_archive("released:1"));
    let report = sandbox.run(&["scan", "--format", "json", "released.tar"]).exits(0).json();
    let row = &report["coverage"][0];
    assert_eq!(row["judged"].as_u64(), Some(released.len() as u64), "{row}");
    let compared = compare(&report, &released.iter().map(|(name, version)| (*name, *name, *version)).collect::<Vec<_>>(), &read);
    assert!(compared > 200, "{compared} findings are too few to tell anything");

    // The packages of a real image. Sources of which the mirror has nothing, and others' packages, are in `read` neither.
    let packages: Vec<(&str, &str, &str)> = of_image["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let source = &package["source"];
            Some((package["name"].as_str()?, source["name"].as_str()?, source["version"].as_str()?))
        })
        .collect();
    let of_image = if packages.is_empty() { 0 } else { compare(&of_image, &packages, &read) };
    println!("{compared} findings on {} released packages, {of_image} on {} of an image", released.len(), packages.len());
}

/// Holds a report's findings against what the script expects of packages (name, source, version of the source).
fn compare(report: &Value, packages: &[(&str, &str, &str)], read: &BTreeMap<&str, Read>) -> usize {
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, source, version) in packages {
        let fixed = read.get(source).map(|read| &read.fixed).into_iter().flatten();
        expected.extend(fixed.filter(|(_, fixed)| dpkg(version, "lt", fixed)).map(|(cve, _)| ((*name).to_owned(), cve.clone())));
    }
    let vulnerabilities = report["findings"].as_array().unwrap().iter().filter(|finding| finding["kind"] == "vulnerability");
    let found: BTreeSet<(String, String)> = vulnerabilities
        .map(|finding| (finding["package"].as_str().unwrap().to_owned(), finding["id"].as_str().unwrap().to_owned()))
        .collect();
    assert!(found == expected, "{:?}\n{:?}", found.symmetric_difference(&expected).collect::<Vec<_>>(), ids(report).len());
    found.len()
}

/// The newest version of every source that was changed after the release, from the lists.
fn script_lists(main: &str, security: &str) -> BTreeMap<String, Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let list = |base: &str, suite: &str, path: &str| shell(&format!("curl -fsS '{base}dists/{suite}/main/{path}.xz' | xz -dc"));
    let both = [(security, "bookworm-security"), (main, "bookworm")];
    for (base, suite) in both {
        for stanza in list(base, suite, "source/Sources").split("\n\n") {
            let (name, version) = (field(stanza, "Package"), field(stanza, "Version"));
            let files = stanza.lines().filter_map(|line| line.split(' ').next_back());
            let files: Vec<&str> = files.filter(|file| file.ends_with(".tar.xz") && !file.contains(".orig")).collect();
            // Packages of the first format have none; then the changelog is in the binary packages alone.
            let file = files.iter().find(|file| file.ends_with(".debian.tar.xz")).or(files.first()).unwrap_or(&"none");
            let updated = version.contains("+deb12u") || version.contains("~deb12u");
            let newer = match known.get(name) {
                _ if name.is_empty() => false,
                Some(known) => dpkg(version, "gt", &known.version),
                None => suite == "bookworm-security" || updated,
            };
            if newer {
                let archive = format!("{base}{}/{file}", field(stanza, "Directory"));
                known.insert(name.to_owned(), Known { version: version.to_owned(), archive, binaries: Vec::new() });
            }
        }
    }
    for (base, suite) in both {
        for stanza in list(base, suite, "binary-amd64/Packages").split("\n\n") {
            let version = field(stanza, "Version");
            let (source, version) = match field(stanza, "Source").split_once(" (") {
                Some((source, version)) => (source, version.trim_end_matches(')')),
                None if field(stanza, "Source").is_empty() => (field(stanza, "Package"), version),
                None => (field(stanza, "Source"), version),
            };
            if let Some(known) = known.get_mut(source).filter(|known| known.version == version) {
                known.binaries.push((field(stanza, "Size").parse().unwrap(), format!("{base}{}", field(stanza, "Filename"))));
                known.binaries.sort();
            }
        }
    }
    known
}

fn field<'a>(stanza: &'a str, name: &str) -> &'a str {
    stanza.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
}

/// Reads changelogs with curl, tar and dpkg-deb, a few at a time; those that cannot be had are left out.
fn script_changelogs<'a>(chosen: &[&'a str], known: &BTreeMap<String, Known>) -> BTreeMap<&'a str, Read> {
    let (next, read) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(name) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Known { version, archive, binaries } = &known[*name];
                    let from_source = format!(
                        "curl -fsS '{archive}' 2>/dev/null | \
                         tar -xJO --wildcards --no-wildcards-match-slash debian/changelog '*/debian/changelog' 2>/dev/null; true"
                    );
                    let from_binaries = binaries.iter().take(6).flat_map(|(_, address)| {
                        let doc = |file: &str| {
                            format!(
                                "f=$(mktemp); curl -fsS -o $f '{address}' && dpkg-deb --fsys-tarfile $f | \
                                 tar -xO --wildcards './usr/share/doc/*/{file}' 2>/dev/null | gzip -dc 2>/dev/null; rm -f $f"
                            )
                        };
                        [doc("changelog.Debian.gz"), doc("changelog.gz")]
                    });
                    let is_of_it = |text: &String| text.contains(&format!("{name} ({version}) "));
                    let text = std::iter::once(from_source).chain(from_binaries).map(|command| shell(&command)).find(is_of_it);
                    if let Some(text) = text {
                        let found = script_read(name, &text);
                        read.lock().unwrap().insert(*name, found);
                    }
                }
            });
        }
    });
    read.into_inner().unwrap()
}

/// Goes through a changelog from its newest entry to its oldest.
fn script_read(name: &str, changelog: &str) -> Read {
    let mut read = Read::default();
    // What was named under the source's former name was fixed in every version under this one.
    let mut before: BTreeSet<String> = BTreeSet::new();
    let mut version = "";
    // Every version above the one that names it has the fix, and some of them were made for an older release.
    let mut lowest = "";
    for line in changelog.lines() {
        if !line.starts_with(' ') && line.contains(';') && line.contains(" (") {
            version = if line.starts_with(&format!("{name} (")) { line.split(['(', ')']).nth(1).unwrap() } else { "" };
            if !version.is_empty() && (lowest.is_empty() || !dpkg(lowest, "lt", version)) {
                lowest = version;
            }
            if read.released.is_empty() && !version.contains("deb12u") && !version.is_empty() {
                version.clone_into(&mut read.released);
            }
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
            } else {
                read.fixed.insert(cve, lowest.to_owned());
            }
        }
    }
    if read.released.is_empty() {
        // A source that came with an update: nothing of it was released, so a version before all others stands for it.
        "0~".clone_into(&mut read.released);
    }
    read.fixed.retain(|cve, _| !before.contains(cve));
    read
}

fn shell(command: &str) -> String {
    let output = Command::new("sh").args(["-c", command]).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn dpkg(left: &str, operator: &str, right: &str) -> bool {
    Command::new("dpkg").args(["--compare-versions", left, operator, right]).status().unwrap().success()
}
