//! Compiled programs: real ones, and bytes that only look like them.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::path::{Path, PathBuf};
use std::process::Command;

use image::More;
use indexer::extractor::{Extractor, File, Found, Reading};
use model::package::Package;
use proptest::prelude::*;

/// Runs the extractors of compiled programs over a file as a layer would bring it.
fn found_in(path: &str, content: &[u8], piece: usize) -> Found {
    let file = File { path: path.as_bytes(), size: content.len() as u64, mode: 0o755 };
    let mut found = Found::default();
    for extractor in indexer::binary::all() {
        let extractor: &dyn Extractor = extractor.as_ref();
        if !extractor.accepts(&file) {
            continue;
        }
        match extractor.start(&file) {
            Reading::Pieces(mut analysis) => {
                for piece in content.chunks(piece) {
                    if analysis.feed(piece) == More::No {
                        break;
                    }
                }
                analysis.finish(true, &mut found);
            }
            Reading::Whole { parse, .. } => parse(&file, content, &mut found),
        }
    }
    found
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Unpacks a docker-archive or an OCI layout in a tar, and all its layers into `root/`.
fn unpack(archive: &Path) -> Option<tempfile::TempDir> {
    testing::tool("tar", &["--version"])?;
    let folder = tempfile::tempdir().unwrap();
    run(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder.path()));
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let mut blobs = vec![folder.path().to_path_buf()];
    while let Some(place) = blobs.pop() {
        for entry in std::fs::read_dir(place).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() && entry.path() != root {
                blobs.push(entry.path());
            } else if entry.file_type().unwrap().is_file() {
                // Manifests are among them; they are no tar.
                let _ = Command::new("tar").arg("-xf").arg(entry.path()).arg("-C").arg(&root).output();
            }
        }
    }
    Some(folder)
}

/// `KIND NAME VERSION PATH` of the expected packages of one kind.
fn expected(list: &Path, kind: &str) -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(list).unwrap();
    let fields = text.lines().map(|line| line.split(' ').collect::<Vec<_>>()).filter(|fields| fields[0] == kind);
    fields.map(|fields| (fields[3].to_owned(), fields[1].to_owned(), fields[2].to_owned())).collect()
}

fn go_packages() -> Option<Vec<(PathBuf, Vec<Package>, String)>> {
    let image = testing::built_image("go-app.docker.tar")?;
    let folder = unpack(&image)?;
    let root = folder.path().join("root");
    let mut programs: Vec<_> =
        std::fs::read_dir(root.join("usr/local/bin")).unwrap().map(|entry| entry.unwrap().path()).collect();
    programs.sort();
    let programs = programs.into_iter().map(|path| {
        let name = format!("/{}", path.strip_prefix(&root).unwrap().display());
        let found = found_in(&name[1..], &std::fs::read(&path).unwrap(), 65_536);
        assert_eq!(found.problems, Vec::<String>::new());
        (path.clone(), found.packages, name)
    });
    Some(programs.collect())
}

#[test]
fn go_modules_are_those_that_the_programs_name() {
    let Some(programs) = go_packages() else { return };
    let list = testing::built_image("go-app.packages.txt").unwrap();
    let mut seen = Vec::new();
    for (_, packages, name) in &programs {
        seen.extend(packages.iter().map(|package| (name.clone(), package.name.clone(), package.version.clone())));
    }
    seen.sort();
    let mut wanted = expected(&list, "go");
    for (_, name, version) in &mut wanted {
        if name == "stdlib" {
            // The list cannot tell the version of a program of Go before 1.18; the program itself does.
            *version = if version == "?" { "1.17".to_owned() } else { version.trim_start_matches("go").to_owned() };
        }
    }
    wanted.sort();
    for (_, name, version) in &mut seen {
        if name == "stdlib" && version.starts_with("1.17") {
            "1.17".clone_into(version);
        }
    }
    assert_eq!(seen, wanted);
}

#[test]
fn linked_functions_are_told_of_every_go_since_1_16() {
    let Some(programs) = go_packages() else { return };
    for (path, packages, _) in &programs {
        let library = packages.iter().find(|package| package.name == "stdlib").unwrap();
        let symbols = library.linked_symbols.as_ref().unwrap_or_else(|| panic!("{}", path.display()));
        assert!(symbols.len() > 3000, "{}: {}", path.display(), symbols.len());
        assert!(symbols.contains("encoding/json.Unmarshal") || symbols.contains("os.Open"));
        assert!(symbols.contains("runtime") && !symbols.contains("runtime.NoSuchFunction"));
        let main = packages.iter().find(|package| package.unjudged.is_some()).unwrap();
        assert!(main.linked_symbols.as_ref().is_some_and(|symbols| !symbols.is_empty()));
    }
    let buf = &programs.iter().find(|(path, ..)| path.to_string_lossy().contains("buf-")).unwrap().1;
    let of = |name: &str| buf.iter().find(|package| package.name == name).unwrap().linked_symbols.clone().unwrap();
    // Of a large module only what the program needs is linked.
    assert!(of("github.com/spf13/cobra").contains("github.com/spf13/cobra.rpad"));
    assert!(!of("github.com/spf13/cobra").contains("github.com/spf13/cobra.Command.Execute"));
    assert!(of("gopkg.in/yaml.v3").contains("gopkg.in/yaml.v3.parser.peek"));
    assert!(of("stdlib").contains("net/http.Client.Do"));
    assert!(of("golang.org/x/crypto").contains("golang.org/x/crypto/sha3.New256"));
    assert!(!of("golang.org/x/crypto").contains("golang.org/x/crypto/ssh"));
}

#[test]
fn crates_of_a_program_built_with_cargo_auditable() {
    let (Some(image), Some(list)) =
        (testing::real_data("images/built/rust-app.oci.tar"), testing::real_data("images/built/rust-app.packages.txt"))
    else {
        return;
    };
    let Some(folder) = unpack(&image) else { return };
    let content = std::fs::read(folder.path().join("root/bin/rust-app")).unwrap();
    let found = found_in("bin/rust-app", &content, 65_536);
    assert_eq!(found.problems, Vec::<String>::new());
    let seen: Vec<_> = found.packages.into_iter().map(|package| (package.name, package.version)).collect();
    let wanted: Vec<_> = expected(&list, "cargo")
        .into_iter()
        .filter(|(path, ..)| path == "/bin/rust-app")
        .map(|(_, name, version)| (name, version))
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(seen, wanted);
}

/// Program, Debian package that has it, and where.
const DEBIAN: &[(&str, &str, &str)] = &[
    ("apache", "apache2-bin", "usr/sbin/apache2"),
    ("bash", "bash", "bin/bash"),
    ("busybox", "busybox-static", "bin/busybox"),
    ("curl", "curl", "usr/bin/curl"),
    ("erlang", "erlang-base", "usr/lib/erlang/releases/25/OTP_VERSION"),
    ("expat", "libexpat1", "lib/x86_64-linux-gnu/libexpat.so.1.8.*"),
    ("git", "git", "usr/bin/git"),
    ("haproxy", "haproxy", "usr/sbin/haproxy"),
    ("java", "openjdk-17-jre-headless", "usr/lib/jvm/java-17-openjdk-amd64/release"),
    ("libcurl", "libcurl4", "usr/lib/x86_64-linux-gnu/libcurl.so.4.8.0"),
    ("libpython", "libpython3.11", "usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0"),
    ("lua", "liblua5.4-0", "usr/lib/x86_64-linux-gnu/liblua5.4.so.0.0.0"),
    ("lua", "lua5.4", "usr/bin/lua5.4"),
    ("mariadb", "mariadb-server-core", "usr/sbin/mariadbd"),
    ("memcached", "memcached", "usr/bin/memcached"),
    ("nginx", "nginx", "usr/sbin/nginx"),
    ("node", "libnode108", "usr/lib/x86_64-linux-gnu/libnode.so.108"),
    ("openssh", "openssh-server", "usr/sbin/sshd"),
    ("openssl", "libssl3", "usr/lib/x86_64-linux-gnu/libcrypto.so.3"),
    ("openssl", "openssl", "usr/bin/openssl"),
    ("perl", "libperl5.36", "usr/lib/x86_64-linux-gnu/libperl.so.5.36.0"),
    ("perl", "perl-base", "usr/bin/perl"),
    ("pgbouncer", "pgbouncer", "usr/sbin/pgbouncer"),
    ("php", "php8.2-cli", "usr/bin/php8.2"),
    ("postgresql", "postgresql-15", "usr/lib/postgresql/15/bin/postgres"),
    ("proftpd", "proftpd-core", "usr/sbin/proftpd"),
    ("python", "python3.11-minimal", "usr/bin/python3.11"),
    ("rabbitmq", "rabbitmq-server", "usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8/plugins/rabbit-3.10.8/ebin/rabbit.app"),
    ("redis", "redis-tools", "usr/bin/redis-check-rdb"),
    ("ruby", "libruby3.1", "usr/lib/x86_64-linux-gnu/libruby-3.1.so.3.1.*"),
    ("rust", "libstd-rust-1.63", "usr/lib/x86_64-linux-gnu/librustc_driver-*.so"),
    ("sqlite", "libsqlite3-0", "usr/lib/x86_64-linux-gnu/libsqlite3.so.0.*"),
    ("squid", "squid", "usr/sbin/squid"),
    ("valkey", "valkey-tools", "usr/bin/valkey-check-rdb"),
    ("varnish", "varnish", "usr/sbin/varnishd"),
    ("zlib", "zlib1g", "lib/x86_64-linux-gnu/libz.so.1.2.13"),
];

/// Programs bear the version that the distribution gave their package. `PLIMSOLL_DEBS` names a folder of `.deb` files of
/// Debian 12; what is missing there is fetched with `apt-get download`.
#[test]
fn programs_are_known_by_their_bytes() {
    let Some(folder) = std::env::var_os("PLIMSOLL_DEBS").map(PathBuf::from) else {
        testing::skip::<()>("PLIMSOLL_DEBS, a folder for Debian packages");
        return;
    };
    if testing::tool("dpkg-deb", &["--version"]).is_none() {
        return;
    }
    let mut proven = 0;
    for (program, package, path) in DEBIAN {
        let find = || {
            let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            entries.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&format!("{package}_")))
        };
        if find().is_none() {
            let _ = Command::new("apt-get").args(["download", "-qq", package]).current_dir(&folder).output();
        }
        let Some(archive) = find() else {
            let _: Option<()> = testing::skip(&format!("Debian package {package}"));
            continue;
        };
        let version = Command::new("dpkg-deb").arg("-f").arg(&archive).arg("Version").output().unwrap().stdout;
        let version = String::from_utf8(version).unwrap();
        let upstream = version.trim().split_once(':').map_or(version.trim(), |(_, rest)| rest);
        let upstream = upstream.rsplit_once('-').map_or(upstream, |(upstream, _)| upstream);
        // Taken back: the number is the higher one that was published, the program the older one.
        let upstream = upstream.split_once("+really").map_or(upstream, |(_, real)| real);
        let upstream = upstream.split(['+', '~']).next().unwrap().trim_end_matches(".dfsg");
        let upstream =
            if *program == "java" { upstream.splitn(4, '.').take(3).collect::<Vec<_>>().join(".") } else { upstream.to_owned() };
        let content = Command::new("dpkg-deb").arg("--fsys-tarfile").arg(&archive).output().unwrap().stdout;
        let unpacked = tempfile::tempdir().unwrap();
        std::fs::write(unpacked.path().join("data.tar"), content).unwrap();
        // A star at the end stands for what changes from one upload to the next.
        let member = format!("./{path}");
        let content = Command::new("tar")
            .args(["--wildcards", "-xOf"])
            .arg(unpacked.path().join("data.tar"))
            .arg(&member)
            .output()
            .unwrap()
            .stdout;
        let path = path.trim_end_matches('*');
        assert!(!content.is_empty(), "{package} has no {path}");
        let found = found_in(path, &content, 65_536);
        let listed: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(listed, [(*program, upstream.as_str())], "{package}");
        proven += 1;
    }
    assert!(proven > 0);
}

proptest! {
    /// Whatever the bytes, an answer comes, and the size of the pieces does not matter.
    #[test]
    fn any_bytes(mut content in proptest::collection::vec(any::<u8>(), 0..6000), piece in 1_usize..5000) {
        for (place, byte) in b"\x7fELF\x02\x01\x01".iter().enumerate() {
            if let Some(slot) = content.get_mut(place) {
                *slot = *byte;
            }
        }
        let whole = found_in("usr/bin/python3.11", &content, content.len().max(1));
        let pieces = found_in("usr/bin/python3.11", &content, piece);
        prop_assert_eq!(whole.packages, pieces.packages);
        prop_assert_eq!(whole.problems, pieces.problems);
    }

    /// The same for programs with a few bits turned, and cut short.
    #[test]
    fn damaged_programs(turns in proptest::collection::vec((0_usize..9000, any::<u8>()), 0..20), length in 0_usize..9000, piece in 1_usize..5000) {
        let mut content = program();
        for (place, bits) in turns {
            if let Some(byte) = content.get_mut(place) {
                *byte ^= bits;
            }
        }
        content.truncate(length);
        let whole = found_in("bin/program", &content, content.len().max(1));
        let pieces = found_in("bin/program", &content, piece);
        prop_assert_eq!(whole.packages, pieces.packages);
    }
}

/// A small program with Go's build information and function table.
fn program() -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01".to_vec();
    file.resize(64, 0);
    file[32] = 64;
    file[40] = 1;
    file[54] = 56;
    file[56] = 2;
    for (flags, offset, address, size) in [(4_u32, 4096_u64, 0x10_000_u64, 2048_u64), (6, 6144, 0x20_000, 2048)] {
        file.extend(1_u32.to_le_bytes());
        file.extend(flags.to_le_bytes());
        for value in [offset, address, address, size, size, 4096] {
            file.extend(value.to_le_bytes());
        }
    }
    file.resize(4096, 0);
    let names = b"main.main\0runtime.main\0runtime.goexit\0x.org/a.F\0";
    file.extend([0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8]);
    let end = 72 + names.len() as u64;
    for value in [4, 1, 0x40_1000, 72, end, end, end, end] {
        file.extend(value.to_le_bytes());
    }
    file.extend(names);
    file.resize(6144, 0);
    file.extend(b"\xff Go buildinf:\x08\x02");
    file.resize(6144 + 32, 0);
    let modules = b"0w\xaf\x0c\x92t\x08\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6path\tx.org/a\nmod\tx.org/a\tv1.0.0\t\n\xf92C1\x86\x18 r\0\x82B\x10A\x16\xd8\xf2";
    file.push(6);
    file.extend(b"go1.20");
    file.push(modules.len() as u8);
    file.extend(modules);
    file.resize(8192, 0);
    file
}

#[test]
fn the_small_program_is_read() {
    let found = found_in("bin/program", &program(), 1000);
    let listed: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
    assert_eq!(listed, [("stdlib", "1.20"), ("x.org/a", "v1.0.0")]);
}
