//! Arch Linux's local database: a folder per package with `desc` and `files`, sections of `%NAME%` and the lines below
//! (<https://man.archlinux.org/man/alpm-db.7>, <https://man.archlinux.org/man/alpm-db-desc.5>).

use model::license::Dialect;
use model::package::{Package, PackageType, SourcePackage};

use super::{Database, license_of, lines, text, text_or_none};
use crate::extractor::{Claim, File, Found, Parser};

/// Reads pacman's local database.
#[derive(Debug)]
pub struct Pacman;

impl Parser for Pacman {
    const ID: &'static str = "os/pacman";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Below("var/lib/pacman/local/")];

    fn accepts(file: &File<'_>) -> bool {
        matches!(file.name(), b"desc" | b"files") && package_folder(file.path).is_some()
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut database = Database::new(found);
        if file.name() == b"desc" {
            if !content.is_empty() {
                database.package(description(content));
            }
        } else {
            let name = package_folder(file.path).and_then(package_name).map(text).unwrap_or_default();
            let files = sections(content).filter(|(section, _)| *section == b"FILES").map(|(_, path)| (&b""[..], path));
            database.owned(&name, files);
        }
        database.finish();
    }
}

/// `NAME-VERSION-RELEASE` in `var/lib/pacman/local/NAME-VERSION-RELEASE/desc`.
fn package_folder(path: &[u8]) -> Option<&[u8]> {
    let parent = model::path::parent(path);
    (model::path::parent(parent) == b"var/lib/pacman/local").then(|| model::path::file_name(parent))
}

/// The folder's name without version and release, neither of which can hold a hyphen.
fn package_name(folder: &[u8]) -> Option<&[u8]> {
    let mut parts = folder.rsplitn(3, |&byte| byte == b'-');
    parts.nth(2)
}

/// Each non-empty line with the name of the section it stands in.
fn sections(content: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut section = &b""[..];
    lines(content).filter_map(move |line| match line {
        [] => None,
        [b'%', name @ .., b'%'] => {
            section = name;
            None
        }
        line => Some((section, line)),
    })
}

fn description(content: &[u8]) -> Package {
    let mut package = Package::new(PackageType::Alpm, "", "", Pacman::ID);
    let mut base = None;
    for (section, line) in sections(content) {
        match section {
            b"NAME" => package.name = text(line),
            b"VERSION" => package.version = text(line),
            b"BASE" => base = text_or_none(line),
            b"ARCH" => package.architecture = text_or_none(line),
            b"PACKAGER" => package.vendor = text_or_none(line),
            b"LICENSE" if package.licenses.len() < 100 => package.licenses.extend(license_of(line, Dialect::Arch)),
            _ => {}
        }
    }
    package.source = base.map(|name| SourcePackage { name, version: package.version.clone() });
    package.licenses.sort_unstable();
    package.licenses.dedup();
    package
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    const FOLDER: &str = "var/lib/pacman/local/gcc-libs-13.2.1-3";

    #[test]
    fn one_package() {
        let desc = b"%NAME%\ngcc-libs\n\n%VERSION%\n13.2.1-3\n\n%BASE%\ngcc\n\n%DESC%\n%odd\n\n%ARCH%\nx86_64\n\n\
            %PACKAGER%\nA Packager <a@example.org>\n\n%LICENSE%\nLGPL\nGPL3\n\n%VALIDATION%\npgp\n\n";
        let found = run(&Whole::<Pacman>::new(), &format!("{FOLDER}/desc"), desc);
        let [package] = &found.packages[..] else { panic!("{found:?}") };
        assert_eq!((package.name.as_str(), package.version.as_str()), ("gcc-libs", "13.2.1-3"));
        assert_eq!(package.source, Some(SourcePackage { name: "gcc".into(), version: "13.2.1-3".into() }));
        assert_eq!(package.licenses, ["GPL-3.0-or-later", "LGPL-2.0-or-later"]);
        assert_eq!(package.vendor.as_deref(), Some("A Packager <a@example.org>"));
    }

    #[test]
    fn its_files() {
        let files = b"%FILES%\nusr/\nusr/lib/\nusr/lib/libgcc_s.so.1\n\n%BACKUP%\netc/x\tabc\n";
        let found = run(&Whole::<Pacman>::new(), &format!("{FOLDER}/files"), files);
        assert_eq!(found.owned[0].package, "gcc-libs");
        assert_eq!(found.owned[0].paths, [&b"usr"[..], b"usr/lib", b"usr/lib/libgcc_s.so.1"]);
        assert!(run(&Whole::<Pacman>::new(), "var/lib/pacman/local/ALPM_DB_VERSION", b"9").packages.is_empty());
        assert!(run(&Whole::<Pacman>::new(), "var/lib/pacman/local/a-1-1/x/desc", b"%NAME%\na\n").problems.is_empty());
    }
}
