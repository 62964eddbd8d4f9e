//! RPM databases against rpm itself, and small ones made here.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use indexer::extractor::Found;

use super::{apk::member, fixture, read, sorted_lines};

/// What is compared of each package; rpm writes what is missing as `(none)`.
const FORMAT: &str =
    "%{NAME}|%|EPOCH?{%{EPOCH}}:{0}||%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{VENDOR}|%{LICENSE}|%{MODULARITYLABEL}\n";

/// The same of what was found, sorted.
fn described(found: &Found) -> Vec<String> {
    let mut lines: Vec<String> = found
        .packages
        .iter()
        .map(|package| {
            let (epoch, version) = package.version.split_once(':').unwrap_or(("0", &package.version));
            let source = package.source.as_ref().map(|source| {
                format!(
                    "{}-{}.src.rpm",
                    source.name,
                    source.version.split_once(':').map_or(&source.version[..], |(_, rest)| rest)
                )
            });
            let or_none = |text: Option<&String>| text.map_or("(none)", String::as_str).to_owned();
            [
                package.name.clone(),
                epoch.to_owned(),
                version.to_owned(),
                or_none(package.architecture.as_ref()),
                or_none(source.as_ref()),
                or_none(package.vendor.as_ref()),
                or_none(package.licenses.first()),
                or_none(package.module.as_ref()),
            ]
            .join("|")
        })
        .collect();
    lines.sort_unstable();
    lines
}

/// Owned files as `NAME PATH`, sorted.
fn owned(found: &Found) -> Vec<String> {
    let files = found.owned.iter().flat_map(|owned| owned.paths.iter().map(|path| (&owned.package, path)));
    let mut lines: Vec<String> = files.map(|(package, path)| format!("{package} /{}", String::from_utf8_lossy(path))).collect();
    lines.sort_unstable();
    lines
}

fn query(folder: &Path, backend: &str, format: &str) -> Vec<String> {
    let backend = format!("_db_backend {backend}");
    let mut rpm = Command::new("rpm");
    rpm.args(["-qa", "--define", &backend, "--qf", format, "--dbpath"]).arg(folder);
    let mut lines = sorted_lines(&mut rpm);
    // An empty vendor is none.
    for line in &mut lines {
        *line = line.replace("||", "|(none)|");
        // What rpm calls licences in its own words is held by the tests of those names.
        let mut fields: Vec<String> = line.split('|').map(str::to_owned).collect();
        if let Some(license) = fields.get_mut(6).filter(|license| *license != "(none)") {
            *license = model::license::expression_or_text(license, model::license::Dialect::Fedora);
        }
        *line = fields.join("|");
    }
    lines.retain(|line| !line.starts_with("gpg-pubkey"));
    lines
}

/// Holds what is found in a database against what rpm says of it.
fn agrees_with_rpm(content: &[u8], name: &str, backend: &str, what: &str) -> Option<Found> {
    testing::tool("rpm", &["--version"])?;
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join(name), content).expect("a file can be written");
    let found = read("os/rpm", &format!("var/lib/rpm/{name}"), content);
    assert_eq!(found.problems, Vec::<String>::new(), "{what}");
    assert_eq!(described(&found), query(folder.path(), backend, FORMAT), "{what}");
    let mut files = query(folder.path(), backend, "[%{=NAME} %{FILENAMES}\n]");
    // A package that owns the root says nothing about any file.
    files.retain(|line| !line.ends_with(" /") && !line.ends_with(' '));
    assert_eq!(owned(&found), files, "{what}");
    Some(found)
}

#[test]
fn real_databases() {
    for (file, name, backend, expected) in [
        ("libuuid.Packages", "Packages", "bdb_ro", 1),
        ("epoch.Packages", "Packages", "bdb_ro", 1),
        ("syft.Packages", "Packages", "bdb_ro", 1),
        ("cbl-mariner-2.0.rpmdb.sqlite", "rpmdb.sqlite", "sqlite", 129),
    ] {
        let Some(path) = testing::real_data(&format!("images/rpmdb/{file}")) else { return };
        let content = std::fs::read(path).unwrap();
        assert_eq!(read("os/rpm", &format!("var/lib/rpm/{name}"), &content).packages.len(), expected, "{file}");
        agrees_with_rpm(&content, name, backend, file);
    }
}

#[test]
fn almalinux() {
    let Some(archive) = testing::real_data("images/rootfs/almalinux-9-micro-20221101-aarch64.tar.xz") else { return };
    let (Some(_), Some(_)) = (testing::tool("tar", &["--version"]), testing::tool("xz", &["--version"])) else { return };
    let content = member(&archive, "var/lib/rpm/rpmdb.sqlite");
    let found = read("os/rpm", "var/lib/rpm/rpmdb.sqlite", &content);
    assert_eq!(found.packages.len(), 22);
    agrees_with_rpm(&content, "rpmdb.sqlite", "sqlite", "almalinux");
    let distro = read("os/os-release", "etc/os-release", &member(&archive, "usr/lib/os-release")).distro.unwrap();
    assert_eq!(distro.namespace().as_deref(), Some("almalinux:9"));
    let distro = read("os/os-release", "etc/almalinux-release", &member(&archive, "etc/almalinux-release")).distro.unwrap();
    assert_eq!(distro.namespace().as_deref(), Some("almalinux:9"));
}

/// The headers of an ndb file, found by their marks alone and not by its table.
fn marked_blobs(file: &[u8]) -> Vec<&[u8]> {
    let word = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
    (0..file.len() - 16)
        .step_by(16)
        .filter(|at| file[*at..].starts_with(b"BlbS"))
        .map(|at| &file[at + 16..][..word(at + 12)])
        .collect()
}

/// No rpm at hand reads ndb. So its headers are handed to rpm, which makes a database of its own of them; and that same set
/// of packages is read back from every format.
#[test]
fn sle_in_all_three_formats() {
    let Some(path) = testing::real_data("images/rpmdb/sle15-bci.Packages.db") else { return };
    let ndb = std::fs::read(path).unwrap();
    let found = read("os/rpm", "var/lib/rpm/Packages.db", &ndb);
    assert_eq!((found.packages.len(), &found.problems), (35, &vec![]));
    let blobs = marked_blobs(&ndb);
    assert_eq!(blobs.len(), 35);

    if testing::tool("rpmdb", &["--version"]).is_some() {
        let folder = tempfile::tempdir().unwrap();
        let mut import = Command::new("rpmdb");
        import.args(["--importdb", "--define", "_db_backend sqlite", "--dbpath"]).arg(folder.path()).stdin(Stdio::piped());
        let mut child = import.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        for blob in &blobs {
            // In a stream, headers begin with a magic that databases leave out.
            input.write_all(&[0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]).unwrap();
            input.write_all(blob).unwrap();
        }
        drop(input);
        assert!(child.wait().unwrap().success());
        assert_eq!(described(&found), query(folder.path(), "sqlite", FORMAT));
        let sqlite = std::fs::read(folder.path().join("rpmdb.sqlite")).unwrap();
        let again = agrees_with_rpm(&sqlite, "rpmdb.sqlite", "sqlite", "imported").unwrap();
        assert_eq!((described(&again), owned(&again)), (described(&found), owned(&found)));
    }

    // Perl's DB_File is Berkeley DB.
    let perl = "use DB_File; binmode STDIN; my (%h, $n); tie %h, 'DB_File', $ARGV[0], O_RDWR|O_CREAT, 0644, $DB_HASH or die;\
        $h{pack 'L', 0} = pack 'L', 35; while (read STDIN, my $l, 4) { read STDIN, my $b, unpack('N', $l); $h{pack 'L', ++$n} = $b }";
    let has_berkeley_db = Command::new("perl").args(["-MDB_File", "-e", "1"]).status().is_ok_and(|status| status.success());
    if !has_berkeley_db {
        testing::skip::<()>("perl with DB_File");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child =
        Command::new("perl").args(["-e", perl]).arg(folder.path().join("Packages")).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for blob in &blobs {
        input.write_all(&(blob.len() as u32).to_be_bytes()).unwrap();
        input.write_all(blob).unwrap();
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    let bdb = std::fs::read(folder.path().join("Packages")).unwrap();
    let again = read("os/rpm", "var/lib/rpm/Packages", &bdb);
    assert_eq!((described(&again), owned(&again)), (described(&found), owned(&found)));
    assert_eq!(again.problems, Vec::<String>::new());
    agrees_with_rpm(&bdb, "Packages", "bdb_ro", "berkeley");
}

#[test]
fn databases_made_here() {
    let blobs = [fixture::header("small", None, 2), fixture::header("epoch", Some(3), 9), fixture::header("large", Some(0), 500)];
    for (path, content) in [
        ("var/lib/rpm/Packages.db", fixture::ndb(&blobs)),
        ("var/lib/rpm/Packages", fixture::bdb(&blobs, false)),
        ("usr/lib/sysimage/rpm/Packages", fixture::bdb(&blobs, true)),
        ("usr/share/rpm/rpmdb.sqlite", fixture::sqlite(&blobs)),
    ] {
        let found = read("os/rpm", path, &content);
        let packages: Vec<(&str, &str)> =
            found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(packages, [("small", "1.2-3.el9"), ("epoch", "3:1.2-3.el9"), ("large", "1.2-3.el9")], "{path}");
        assert_eq!(found.packages[1].source.as_ref().unwrap().version, "3:1.2-3.el9");
        assert_eq!(found.packages[1].module.as_deref(), Some("stream:1:20240101:abc"));
        assert_eq!(found.owned.iter().map(|owned| owned.paths.len()).collect::<Vec<_>>(), [2, 9, 500]);
        assert_eq!(found.owned[0].paths, [&b"usr/bin/file0"[..], b"file1"]);
        assert_eq!(found.problems, Vec::<String>::new(), "{path}");
    }
}
