//! RPM's database in its three forms, told apart by their first bytes and read without rpm's own libraries: SQLite
//! (since rpm 4.16), ndb (SUSE) and Berkeley DB (up to rpm 4.15). Each holds one [`header`] per package.
//!
//! Images of CBL-Mariner and Azure Linux without a package manager keep a list of packages instead.

use model::license::{self, Dialect};
use model::package::{Package, PackageType, SourcePackage};

use self::header::{Header, tag};
use super::{Database, lines, text, text_or_none};
use crate::extractor::{Claim, File, Found, Parser};

mod bdb;
mod bytes;
mod header;
mod ndb;
mod sqlite;

/// Reads RPM databases.
#[derive(Debug)]
pub struct Rpm;

/// Directories of one package. The kernel's own development package has some 5,000.
const MAX_DIRECTORIES: usize = 1 << 20;

/// Told of each record that a database holds: the bytes of one package's header, or why it could not be read. Answers
/// whether to go on.
type Record<'a> = dyn FnMut(Result<&[u8], &'static str>) -> bool + 'a;

impl Parser for Rpm {
    const ID: &'static str = "os/rpm";
    const VERSION: u32 = 3;
    /// `var/lib/rpm` first; Fedora, SUSE and image-based systems moved it to the other two.
    const CLAIMS: &'static [Claim] = &[
        Claim::Path("var/lib/rpm/rpmdb.sqlite"),
        Claim::Path("var/lib/rpm/rpmdb.sqlite-wal"),
        Claim::Path("var/lib/rpm/Packages.db"),
        Claim::Path("var/lib/rpm/Packages"),
        Claim::Path("usr/lib/sysimage/rpm/rpmdb.sqlite"),
        Claim::Path("usr/lib/sysimage/rpm/rpmdb.sqlite-wal"),
        Claim::Path("usr/lib/sysimage/rpm/Packages.db"),
        Claim::Path("usr/lib/sysimage/rpm/Packages"),
        Claim::Path("usr/share/rpm/rpmdb.sqlite"),
        Claim::Path("usr/share/rpm/rpmdb.sqlite-wal"),
        Claim::Path("usr/share/rpm/Packages.db"),
        Claim::Path("usr/share/rpm/Packages"),
        Claim::Path("var/lib/rpmmanifest/container-manifest-1"),
        Claim::Path("var/lib/rpmmanifest/container-manifest-2"),
    ];
    /// A desktop with 5,000 packages has 300 MB.
    const MAX_SIZE: u64 = 512 << 20;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        if file.name() == b"rpmdb.sqlite-wal" {
            // rpm empties it when it is done; what is left was never merged into the database beside it.
            if !content.is_empty() {
                let size = content.len();
                found
                    .problems
                    .push(format!("{size} bytes of changes were never merged into the RPM database; they were not read"));
            }
            return;
        }
        let mut database = Database::new(found);
        if file.path.starts_with(b"var/lib/rpmmanifest/") {
            manifest(content, &mut database);
        } else if !content.is_empty() {
            // Records do not overlap, so together they are no longer than the file. A file that says otherwise could make
            // each of its bytes be read thousands of times.
            let mut budget = content.len();
            let mut record = |record: Result<&[u8], &'static str>| {
                let stored = record.and_then(|blob| {
                    budget = budget.checked_sub(blob.len()).ok_or("its packages overlap each other")?;
                    Ok(store(&Header::parse(blob)?, &mut database))
                });
                stored.unwrap_or_else(|reason| {
                    database.unread(reason);
                    true
                })
            };
            if content.starts_with(sqlite::MAGIC) {
                sqlite::read(content, &mut record);
            } else if content.starts_with(ndb::MAGIC) {
                ndb::read(content, &mut record);
            } else {
                bdb::read(content, &mut record);
            }
        }
        database.finish();
    }
}

/// Adds the package of a header and the files it owns; false when no more may come.
fn store(header: &Header<'_>, database: &mut Database<'_>) -> bool {
    let field = |tag| header.string(tag).map(text).unwrap_or_default();
    let name = field(tag::NAME);
    // Public keys are kept as packages; they have no files and no advisories.
    if name == "gpg-pubkey" {
        return true;
    }
    let epoch = header.number(tag::EPOCH).unwrap_or_default();
    let version = version(epoch, &field(tag::VERSION), &field(tag::RELEASE));
    let mut package = Package::new(PackageType::Rpm, &name, version, Rpm::ID);
    let optional = |tag| header.string(tag).and_then(text_or_none);
    package.architecture = optional(tag::ARCH);
    package.source = optional(tag::SOURCERPM).and_then(|file| source(&file, &package));
    package.vendor = optional(tag::VENDOR);
    package.module = optional(tag::MODULARITYLABEL);
    package.licenses.extend(optional(tag::LICENSE).map(|text| license::expression_or_text(&text, Dialect::Fedora)));
    let more = database.package(package);
    if more {
        let directories = header.strings(tag::DIRNAMES).map(|path| path.strip_suffix(b"/").unwrap_or(path));
        let directories: Vec<&[u8]> = directories.take(MAX_DIRECTORIES).collect();
        let files = header.strings(tag::BASENAMES).zip(header.numbers(tag::DIRINDEXES));
        database.owned(&name, files.filter_map(|(name, at)| Some((*directories.get(at as usize)?, name))));
    }
    more
}

/// `EPOCH:VERSION-RELEASE`, the epoch only where it is not zero.
fn version(epoch: u32, version: &str, release: &str) -> String {
    let mut text = if epoch == 0 { String::new() } else { format!("{epoch}:") };
    text.push_str(version);
    if !release.is_empty() && !version.is_empty() {
        text.push('-');
        text.push_str(release);
    }
    text
}

/// `NAME-VERSION-RELEASE.src.rpm`. The file name has no epoch: where version and release are the binary's, so is the epoch.
fn source(file: &str, package: &Package) -> Option<SourcePackage> {
    let stem = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let mut parts = stem.rsplitn(3, '-');
    let (release, version, name) = (parts.next()?, parts.next()?, parts.next()?);
    let version = format!("{version}-{release}");
    let same = package.version.split_once(':').map_or(package.version.as_str(), |(_, rest)| rest) == version;
    Some(SourcePackage { name: name.to_owned(), version: if same { package.version.clone() } else { version } })
}

/// `rpm -qa` with tabs between name, version-release, install time, build time, vendor, epoch, size, architecture, epoch
/// number and source RPM (<https://github.com/microsoft/azurelinux/blob/3.0/toolkit/docs/how_it_works/5_misc.md>).
/// The older list beside it has one bare name per line, of the same packages: such lines are passed over.
fn manifest(content: &[u8], database: &mut Database<'_>) {
    for line in lines(content) {
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        let [name, version_release, _, _, vendor, _, _, architecture, epoch, source_rpm] = fields[..] else {
            if fields.len() > 1 {
                database.unread("a line of the list of packages has not ten fields");
            }
            continue;
        };
        let epoch = std::str::from_utf8(epoch).ok().and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
        let mut package = Package::new(PackageType::Rpm, text(name), version(epoch, &text(version_release), ""), Rpm::ID);
        package.architecture = text_or_none(architecture);
        package.vendor = text_or_none(vendor);
        package.source = text_or_none(source_rpm).and_then(|file| source(&file, &package));
        if package.name != "gpg-pubkey" && !database.package(package) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn manifest_of_a_distroless_image() {
        let content = "mariner-release\t2.0-12.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t580\tnoarch\t0\tmariner-release-2.0-12.cm2.src.rpm\n\
            openssl-libs\t3.1-1.azl3\t1\t1\t(none)\t2\t580\tx86_64\t2\topenssl-3.1-1.azl3.src.rpm\nbad\tline\nbare-name-1.0-1.x86_64\n";
        let found = run(&Whole::<Rpm>::new(), "var/lib/rpmmanifest/container-manifest-2", content.as_bytes());
        let [release, openssl] = &found.packages[..] else { panic!("{found:?}") };
        assert_eq!((release.name.as_str(), release.version.as_str()), ("mariner-release", "2.0-12.cm2"));
        assert_eq!(release.vendor.as_deref(), Some("Microsoft Corporation"));
        assert_eq!(openssl.version, "2:3.1-1.azl3");
        assert_eq!(openssl.source, Some(SourcePackage { name: "openssl".into(), version: "2:3.1-1.azl3".into() }));
        assert_eq!((openssl.vendor.as_deref(), openssl.architecture.as_deref()), (None, Some("x86_64")));
        assert_eq!(found.problems.len(), 1);
    }

    #[test]
    fn source_of_another_version() {
        let package = Package::new(PackageType::Rpm, "perl-libs", "4:5.32.1-481.el9", "os/rpm");
        let read = |file| source(file, &package).map(|source| (source.name, source.version));
        assert_eq!(read("perl-5.32.1-481.el9.src.rpm"), Some(("perl".into(), "4:5.32.1-481.el9".into())));
        assert_eq!(read("perl-x-5.32-1.nosrc.rpm"), Some(("perl-x".into(), "5.32-1".into())));
        assert_eq!(read("odd.src.rpm"), None);
    }

    #[test]
    fn an_unmerged_log_is_said() {
        let wal = run(&Whole::<Rpm>::new(), "var/lib/rpm/rpmdb.sqlite-wal", &[0; 40]);
        assert_eq!(wal.problems.len(), 1);
        assert!(run(&Whole::<Rpm>::new(), "var/lib/rpm/rpmdb.sqlite-wal", b"").problems.is_empty());
    }
}
