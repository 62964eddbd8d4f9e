//! apk's database in Alpine's own root file systems.

use std::collections::BTreeSet;
use std::path::Path;

use model::distro::Distro;

use super::{output, read};

/// A member of a tar archive, found under its name with and without `./`.
pub(super) fn member(archive: &Path, name: &str) -> Vec<u8> {
    for name in [format!("./{name}"), name.to_owned()] {
        let result = std::process::Command::new("tar").arg("-xOf").arg(archive).arg(name).output().expect("tar starts");
        if result.status.success() {
            return result.stdout;
        }
    }
    panic!("{} holds no {name}", archive.display());
}

#[test]
fn alpine_root_file_systems() {
    for (file, packages) in [
        ("3.6.5-x86_64", 13),
        ("3.9.6-x86_64", 14),
        ("3.10.9-x86_64", 14),
        ("3.14.10-x86_64", 14),
        ("3.17.10-x86_64", 15),
        ("3.18.9-x86_64", 15),
        ("3.20.3-x86_64", 14),
        ("3.18.9-aarch64", 15),
    ] {
        let Some(archive) = testing::real_data(&format!("images/rootfs/alpine-minirootfs-{file}.tar.gz")) else { return };
        let Some(mut tar) = testing::tool("tar", &["--version"]) else { return };
        let found = read("os/apk", "lib/apk/db/installed", &member(&archive, "lib/apk/db/installed"));
        assert_eq!((found.packages.len(), &found.problems), (packages, &vec![]), "{file}");
        let (release, architecture) = file.split_once('-').unwrap();
        for package in &found.packages {
            assert_eq!(package.architecture.as_deref(), Some(architecture), "{file}: {}", package.name);
            assert!(package.source.is_some() && !package.licenses.is_empty(), "{file}: {}", package.name);
        }
        let libssl = found.packages.iter().find(|package| package.name.starts_with("libssl"));
        if let Some(libssl) = libssl {
            assert!(matches!(libssl.source_or_self().0, "openssl" | "libressl"), "{file}: {:?}", libssl.source);
        }

        // Every owned file is there.
        let listing = String::from_utf8(output(tar.arg("-tf").arg(&archive))).unwrap();
        let there: BTreeSet<&[u8]> = listing.lines().map(|line| line.trim_start_matches("./").as_bytes()).collect();
        let owned: Vec<&Vec<u8>> = found.owned.iter().flat_map(|owned| &owned.paths).collect();
        assert!(owned.len() > 70, "{file}: {}", owned.len());
        for path in owned {
            assert!(there.contains(&path[..]), "{file}: {}", String::from_utf8_lossy(path));
        }

        // Both files that name the release agree.
        let namespace =
            |path: &str| read("os/os-release", path, &member(&archive, path)).distro.as_ref().and_then(Distro::namespace);
        let expected = format!("alpine:{}", release.rsplit_once('.').unwrap().0);
        for path in ["etc/os-release", "etc/alpine-release"] {
            let content = std::process::Command::new("tar").arg("-xOf").arg(&archive).arg(format!("./{path}")).output().unwrap();
            // From 3.17 on, /etc/os-release is a link.
            if !content.stdout.is_empty() {
                assert_eq!(namespace(path).as_deref(), Some(&expected[..]), "{file}: {path}");
            }
        }
    }
}

#[test]
fn a_database_from_elsewhere() {
    let Some(path) = testing::real_data("images/status/apk.installed") else { return };
    let found = read("os/apk", "usr/lib/apk/db/installed", &std::fs::read(path).unwrap());
    assert_eq!((found.packages.len(), found.problems), (15, vec![]));
}
