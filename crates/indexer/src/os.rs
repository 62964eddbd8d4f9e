//! Extractors of this family; adding one is adding a file and a line here.
//!
//! A package database is one file that speaks of many packages. What all of these readers share is [`Database`]: the
//! bounds on what one such file may say, and one sentence for all of its records that could not be read.

use model::license::{self, Dialect};
use model::package::Package;

use crate::extractor::{Extractor, Found, Owned, Whole};

pub mod accounts;
pub mod apk;
pub mod copyright;
pub mod dpkg;
pub mod os_release;
pub mod pacman;
pub mod rpm;

/// Every extractor of the family.
pub fn all() -> Vec<Box<dyn Extractor>> {
    vec![
        Box::new(Whole::<os_release::OsRelease>::new()),
        Box::new(Whole::<accounts::Accounts>::new()),
        Box::new(Whole::<dpkg::Dpkg>::new()),
        Box::new(Whole::<copyright::Copyright>::new()),
        Box::new(Whole::<apk::Apk>::new()),
        Box::new(Whole::<rpm::Rpm>::new()),
        Box::new(Whole::<pacman::Pacman>::new()),
    ]
}

/// Packages that one database may name. The largest installations known (all of TeX Live) have some 10,000.
const MAX_PACKAGES: usize = 100_000;
/// Bytes of all paths that one database may own. A full desktop has some 500,000 paths, 30 MB.
const MAX_PATHS: usize = 256 << 20;
/// What a path takes in memory beside its bytes; counted, so that a million empty names are not free.
const PATH_COST: usize = 48;
/// Longest path Linux can open.
const MAX_PATH: usize = 4096;
/// Longest name or version: dpkg, rpm and apk all live in file names of at most 255 bytes.
const MAX_NAME: usize = 512;
/// Longest licence, vendor or other free text that is kept, in bytes.
const MAX_TEXT: usize = 4096;

/// Puts what a package database says into [`Found`], within bounds.
struct Database<'a> {
    found: &'a mut Found,
    packages: usize,
    paths: usize,
    full: Option<&'static str>,
    unread: usize,
    first_reason: &'static str,
}

impl<'a> Database<'a> {
    fn new(found: &'a mut Found) -> Self {
        Self { found, packages: 0, paths: 0, full: None, unread: 0, first_reason: "" }
    }

    /// Counts a record, or a part of the file, that could not be read.
    fn unread(&mut self, reason: &'static str) {
        if self.unread == 0 {
            self.first_reason = reason;
        }
        self.unread += 1;
    }

    /// Adds a package; false when no more may come.
    fn package(&mut self, package: Package) -> bool {
        if package.name.is_empty() || package.version.is_empty() {
            self.unread("a package without name or version");
        } else if package.name.len() > MAX_NAME || package.version.len() > MAX_NAME {
            self.unread("a name or version of more than 512 bytes");
        } else if self.packages == MAX_PACKAGES {
            self.full = Some("it names more than 100000 packages");
            return false;
        } else {
            self.packages += 1;
            self.found.packages.push(package);
        }
        true
    }

    /// Adds the paths that a package owns, made by joining each pair with a slash where both parts are there.
    fn owned<'p>(&mut self, package: &str, paths: impl Iterator<Item = (&'p [u8], &'p [u8])>) {
        let mut owned = Vec::new();
        for (directory, name) in paths {
            if directory.len() + name.len() >= MAX_PATH {
                self.unread("an owned path of more than 4096 bytes");
                continue;
            }
            self.paths += directory.len() + name.len() + PATH_COST;
            if self.paths > MAX_PATHS {
                self.full = Some("it owns more than 256 MiB of paths");
                break;
            }
            let path = if directory.is_empty() { name.to_vec() } else { [directory, b"/", name].concat() };
            let path = model::path::normalize(&path);
            if !path.is_empty() {
                owned.push(path.into_owned());
            }
        }
        if !owned.is_empty() && !package.is_empty() && package.len() <= MAX_NAME {
            self.found.owned.push(Owned { package: package.to_owned(), paths: owned });
        }
    }

    /// Says what could not be read.
    fn finish(self) {
        if let Some(bound) = self.full {
            self.found.lost(format!("{bound}; the rest was not read"));
        }
        if self.unread > 0 {
            let (count, first) = (self.unread, self.first_reason);
            self.found.lost(match count {
                1 => format!("one record could not be read: {first}"),
                _ => format!("{count} records could not be read; the first: {first}"),
            });
        }
    }
}

/// Free text of a database, trimmed, at most [`MAX_TEXT`] bytes of it; bytes that are no UTF-8 are replaced.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.trim_ascii();
    String::from_utf8_lossy(bytes.get(..MAX_TEXT).unwrap_or(bytes)).into_owned()
}

/// [`text`], `None` where nothing stands there, as `(none)` in the output of rpm.
fn text_or_none(bytes: &[u8]) -> Option<String> {
    let text = text(bytes);
    (!text.is_empty() && text != "(none)").then_some(text)
}

/// A declared licence as an SPDX expression, else as written.
fn license_of(bytes: &[u8], dialect: Dialect) -> Option<String> {
    text_or_none(bytes).map(|text| license::expression_or_text(&text, dialect))
}

/// Lines without their ends, `\r\n` among them.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::package::PackageType;

    #[test]
    fn what_is_too_much_is_said_once() {
        let mut found = Found::default();
        let mut database = Database::new(&mut found);
        database.package(Package::new(PackageType::Deb, "", "1", "os/dpkg"));
        database.package(Package::new(PackageType::Deb, "n".repeat(513), "1", "os/dpkg"));
        for _ in 0..MAX_PACKAGES {
            assert!(database.package(Package::new(PackageType::Deb, "a", "1", "os/dpkg")));
        }
        assert!(!database.package(Package::new(PackageType::Deb, "a", "1", "os/dpkg")));
        let long = vec![b'd'; MAX_PATH];
        database.owned("a", [(&long[..], &b"x"[..]), (b"", b"/."), (b"usr/bin", b"x")].into_iter());
        database.finish();
        assert_eq!(found.packages.len(), MAX_PACKAGES);
        assert_eq!(found.owned, [Owned { package: "a".into(), paths: vec![b"usr/bin/x".to_vec()] }]);
        assert_eq!(
            found.problems,
            [
                "it names more than 100000 packages; the rest was not read",
                "3 records could not be read; the first: a package without name or version",
            ]
        );
    }
}
