//! Alpine's installed database: records of `K:value` lines, an empty line after each
//! (<https://wiki.alpinelinux.org/wiki/Apk_spec>). Wolfi and Chainguard use the same.

use model::license::Dialect;
use model::package::{Package, PackageType, SourcePackage};

use super::{Database, license_of, lines, text, text_or_none};
use crate::extractor::{Claim, File, Found, Parser};

/// Reads apk's installed database.
#[derive(Debug)]
pub struct Apk;

impl Parser for Apk {
    const ID: &'static str = "os/apk";
    const VERSION: u32 = 3;
    /// apk-tools 3 keeps it under `/usr`.
    const CLAIMS: &'static [Claim] = &[Claim::Path("lib/apk/db/installed"), Claim::Path("usr/lib/apk/db/installed")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut database = Database::new(found);
        let mut record = Record::default();
        // One more empty line ends the last record where the file does not.
        for line in lines(content).chain([&b""[..]]) {
            if !line.is_empty() {
                record.line(line);
            } else if !std::mem::take(&mut record).store(&mut database) {
                break;
            }
        }
        database.finish();
    }
}

/// Files of one package. The largest of Alpine, kernel sources and documentation, have some 50,000.
const MAX_FILES: usize = 1 << 20;

/// One package, as its lines come.
#[derive(Default)]
struct Record<'a> {
    name: &'a [u8],
    version: &'a [u8],
    architecture: &'a [u8],
    origin: &'a [u8],
    license: &'a [u8],
    maintainer: &'a [u8],
    directory: &'a [u8],
    files: Vec<(&'a [u8], &'a [u8])>,
    /// Whether it has had any line.
    started: bool,
}

impl<'a> Record<'a> {
    fn line(&mut self, line: &'a [u8]) {
        self.started = true;
        let [key, b':', value @ ..] = line else { return };
        match key {
            b'P' => self.name = value,
            b'V' => self.version = value,
            b'A' => self.architecture = value,
            b'o' => self.origin = value,
            b'L' => self.license = value,
            b'm' => self.maintainer = value,
            b'F' => self.directory = value,
            b'R' if self.files.len() <= MAX_FILES => self.files.push((self.directory, value)),
            _ => {}
        }
    }

    /// False when no more may come.
    fn store(self, database: &mut Database<'_>) -> bool {
        if !self.started {
            return true;
        }
        let mut package = Package::new(PackageType::Apk, text(self.name), text(self.version), Apk::ID);
        package.architecture = text_or_none(self.architecture);
        package.source = text_or_none(self.origin).map(|name| SourcePackage { name, version: package.version.clone() });
        package.licenses.extend(license_of(self.license, Dialect::General));
        package.vendor = text_or_none(self.maintainer);
        let name = package.name.clone();
        let more = database.package(package);
        if self.files.len() > MAX_FILES {
            database.unread("a package owns more than a million files");
        } else if more {
            database.owned(&name, self.files.into_iter());
        }
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn records_and_files() {
        let content = b"C:Q1abc=\nP:libcrypto3\nV:3.1.7-r1\nA:x86_64\nS:1\nI:2\nT:Crypto library: from openssl\nL:Apache-2.0\n\
            o:openssl\nm:Ariadne Conill <a@example.org>\nF:\nR:at-root\nF:lib\nR:libcrypto.so.3\na:0:0:755\nZ:Q1x=\n\
            F:etc/ssl1.1\n\nP:musl\nV:1.2.4-r2\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\n\n\nP:broken\n";
        let found = run(&Whole::<Apk>::new(), "lib/apk/db/installed", content);
        let [crypto, musl] = &found.packages[..] else { panic!("{:?}", found.packages) };
        assert_eq!((crypto.name.as_str(), crypto.version.as_str()), ("libcrypto3", "3.1.7-r1"));
        assert_eq!(crypto.source, Some(SourcePackage { name: "openssl".into(), version: "3.1.7-r1".into() }));
        assert_eq!(crypto.licenses, ["Apache-2.0"]);
        assert_eq!((musl.architecture.as_deref(), musl.vendor.as_deref()), (None, None));
        assert_eq!(found.owned[0].paths, [&b"at-root"[..], b"lib/libcrypto.so.3"]);
        assert_eq!(found.owned[1].package, "musl");
        assert_eq!(found.problems, ["one record could not be read: a package without name or version"]);
    }
}
