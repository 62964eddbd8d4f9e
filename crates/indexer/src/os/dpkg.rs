//! dpkg's database (<https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html>,
//! <https://www.debian.org/doc/debian-policy/ch-controlfields.html>): `status`, the `status.d` folder of distroless
//! images, and the lists of files each package owns. opkg, which OpenWrt and Yocto use, writes the same format.

use model::license::Dialect;
use model::package::{Package, PackageType, SourcePackage};

use super::{Database, license_of, lines, text, text_or_none};
use crate::extractor::{Claim, File, Found, Parser};

/// Reads dpkg's status files and file lists.
#[derive(Debug)]
pub struct Dpkg;

impl Parser for Dpkg {
    const ID: &'static str = "os/dpkg";
    const VERSION: u32 = 4;
    const CLAIMS: &'static [Claim] = &[
        Claim::Path("var/lib/dpkg/status"),
        Claim::Below("var/lib/dpkg/status.d/"),
        Claim::Below("var/lib/dpkg/info/"),
        Claim::Path("usr/lib/opkg/status"),
        Claim::Path("var/lib/opkg/status"),
        Claim::Below("usr/lib/opkg/info/"),
        Claim::Below("var/lib/opkg/info/"),
    ];

    fn accepts(file: &File<'_>) -> bool {
        Kind::of(file.path).is_some()
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut database = Database::new(found);
        match Kind::of(file.path) {
            Some(Kind::Status { implied }) => status(content, implied, &mut database),
            Some(Kind::List(package)) => {
                database.owned(&text(package), lines(content).map(|path| (&b""[..], path)));
            }
            // `MD5  path`: 32 digits and two spaces.
            Some(Kind::Sums(package)) => {
                let paths = lines(content).filter_map(|line| Some((&b""[..], line.get(34..)?)));
                database.owned(&text(package), paths);
            }
            None => {}
        }
        database.finish();
    }
}

/// What one of dpkg's files is, by its path.
enum Kind<'a> {
    /// Paragraphs of packages; `implied` where being there means being installed, without a `Status` field.
    Status { implied: bool },
    /// Paths owned by this package, one a line.
    List(&'a [u8]),
    /// Checksums and paths of the files of this package: all that distroless images keep.
    Sums(&'a [u8]),
}

impl<'a> Kind<'a> {
    fn of(path: &'a [u8]) -> Option<Self> {
        let name = model::path::file_name(path);
        match model::path::parent(path) {
            b"var/lib/dpkg/status.d" => Some(match name.strip_suffix(b".md5sums") {
                Some(package) => Self::Sums(package),
                None => Self::Status { implied: true },
            }),
            b"var/lib/dpkg/info" | b"usr/lib/opkg/info" | b"var/lib/opkg/info" => name.strip_suffix(b".list").map(Self::List),
            _ => (name == b"status").then_some(Self::Status { implied: false }),
        }
    }
}

/// The fields of one paragraph that matter here.
#[derive(Default)]
struct Paragraph<'a> {
    package: &'a [u8],
    status: &'a [u8],
    version: &'a [u8],
    architecture: &'a [u8],
    source: &'a [u8],
    maintainer: &'a [u8],
    origin: &'a [u8],
    license: &'a [u8],
    /// Whether it has had any line.
    started: bool,
}

fn status(content: &[u8], implied: bool, database: &mut Database<'_>) {
    let mut paragraph = Paragraph::default();
    let mut lists_any = false;
    // One more empty line ends the last paragraph where the file does not.
    for line in lines(content).chain([&b""[..]]) {
        if !line.is_empty() {
            paragraph.line(line);
            lists_any |= !paragraph.package.is_empty();
        } else if !std::mem::take(&mut paragraph).store(implied, database) {
            return;
        }
    }
    // Who removed every package is left with an empty file, or with paragraphs of what was purged.
    if !implied && !lists_any && !content.trim_ascii().is_empty() {
        database.unread("no paragraph that names a package");
    }
}

impl<'a> Paragraph<'a> {
    fn line(&mut self, line: &'a [u8]) {
        self.started = true;
        // None of the fields wanted here goes on in a second line, which would begin with a blank.
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            return;
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { return };
        let (key, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let fields: [(&[u8], &mut &'a [u8]); 8] = [
            (b"Package", &mut self.package),
            (b"Status", &mut self.status),
            (b"Version", &mut self.version),
            (b"Architecture", &mut self.architecture),
            (b"Source", &mut self.source),
            (b"Maintainer", &mut self.maintainer),
            (b"Origin", &mut self.origin),
            // Only opkg has it.
            (b"License", &mut self.license),
        ];
        if let Some((_, field)) = fields.into_iter().find(|(name, _)| key.eq_ignore_ascii_case(name)) {
            *field = value;
        }
    }

    /// False when no more may come.
    fn store(self, implied: bool, database: &mut Database<'_>) -> bool {
        if !self.started || !(is_installed(self.status) || implied && self.status.is_empty()) {
            return true;
        }
        let mut package = Package::new(PackageType::Deb, text(self.package), text(self.version), Dpkg::ID);
        package.architecture = text_or_none(self.architecture);
        // An empty `Origin` says nothing; who maintains a package built elsewhere gives that away (`docker-ce`).
        package.vendor = text_or_none(self.origin).or_else(|| text_or_none(self.maintainer));
        package.source = Some(source(self.source, &package));
        package.licenses.extend(license_of(self.license, Dialect::General));
        database.package(package)
    }
}

/// Whether the third word of `Status` (want, error, state) says that the package's files are there. `half-installed` is
/// not among them: dpkg was stopped while unpacking, and cannot itself say what is there.
fn is_installed(status: &[u8]) -> bool {
    let state = status.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).nth(2);
    matches!(state, Some(b"installed" | b"unpacked" | b"half-configured" | b"triggers-awaited" | b"triggers-pending"))
}

/// `Source: NAME` or `Source: NAME (VERSION)`, the version only where it differs from the binary's.
fn source(field: &[u8], package: &Package) -> SourcePackage {
    let field = text(field);
    let (name, version) = match field.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end().trim_end_matches(')').trim()),
        None => (field.as_str(), ""),
    };
    SourcePackage {
        name: if name.is_empty() { package.name.clone() } else { name.to_owned() },
        version: if version.is_empty() { package.version.clone() } else { version.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn read(path: &str, content: &str) -> Found {
        run(&Whole::<Dpkg>::new(), path, content.as_bytes())
    }

    #[test]
    fn only_what_is_there_counts() {
        let states = [
            ("install ok installed", true),
            ("hold ok installed", true),
            ("deinstall ok installed", true),
            ("install ok unpacked", true),
            ("install ok half-configured", true),
            ("install ok triggers-pending", true),
            ("install reinstreq half-installed", false),
            ("deinstall ok config-files", false),
            ("purge ok not-installed", false),
            ("installed", false),
            ("", false),
        ];
        for (status, expected) in states {
            let found = read("var/lib/dpkg/status", &format!("Package: a\nStatus: {status}\nVersion: 1\n"));
            assert_eq!(found.packages.len(), usize::from(expected), "{status}");
            assert_eq!(found.problems, Vec::<String>::new());
        }
    }

    #[test]
    fn garbage_is_not_taken_for_an_empty_database() {
        for (content, problems) in [("", 0), ("\n\n", 0), ("Package: a\nStatus: purge ok not-installed\n", 0), ("\u{0}\u{1}", 1)]
        {
            assert_eq!(read("var/lib/dpkg/status", content).problems.len(), problems, "{content:?}");
        }
    }

    #[test]
    fn fields() {
        let found = read(
            "var/lib/dpkg/status",
            "package: libstdc++6\nSTATUS: install ok installed\nArchitecture: i386\nSource: gcc-12 (12.2.0-14)\r\n\
             Version: 1:12.2.0-14+b1\nMaintainer: M <m@example.org>\nOrigin: Example\nDescription: x\n Version: 9\n .\n\n\n\
             Package: plain\nStatus: install ok installed\nVersion: 2\nMaintainer: M\n",
        );
        let [gcc, plain] = &found.packages[..] else { panic!("{found:?}") };
        assert_eq!((gcc.name.as_str(), gcc.version.as_str()), ("libstdc++6", "1:12.2.0-14+b1"));
        assert_eq!(gcc.architecture.as_deref(), Some("i386"));
        assert_eq!(gcc.source, Some(SourcePackage { name: "gcc-12".into(), version: "12.2.0-14".into() }));
        assert_eq!((gcc.vendor.as_deref(), plain.vendor.as_deref()), (Some("Example"), Some("M")));
        assert_eq!(plain.source, Some(SourcePackage { name: "plain".into(), version: "2".into() }));
    }

    #[test]
    fn distroless() {
        let found = read("var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n");
        assert_eq!(found.packages.len(), 1);
        let found =
            read("var/lib/dpkg/status.d/libc6.md5sums", "d41d8cd98f00b204e9800998ecf8427e  lib/x86_64-linux-gnu/libc.so.6\n\n");
        assert_eq!((found.packages.len(), found.owned[0].package.as_str()), (0, "libc6"));
        assert_eq!(found.owned[0].paths, [b"lib/x86_64-linux-gnu/libc.so.6"]);
    }

    #[test]
    fn file_lists() {
        let found = read("var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n");
        assert_eq!(found.owned[0].package, "libc6:amd64");
        assert_eq!(found.owned[0].paths, [&b"lib"[..], b"lib/libc.so.6"]);
        assert!(read("var/lib/dpkg/info/libc6:amd64.md5sums", "x").owned.is_empty());
        assert!(read("var/lib/dpkg/status.d/deeper/x", "Package: a\nVersion: 1\n").packages.is_empty());
    }
}
