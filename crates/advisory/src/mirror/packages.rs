//! `Packages`: the binary packages of a suite (<https://wiki.debian.org/DebianRepository/Format>), and the changelog of
//! their source inside each (<https://manpages.debian.org/deb.5>,
//! <https://www.debian.org/doc/debian-policy/ch-docs.html#debian-changelog-and-upstream-changelog>).

use std::collections::{BTreeMap, BTreeSet};
use std::env::consts::ARCH;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use client::HttpClient;

use super::release::Release;
use super::sources::{self, CHANGELOG_LIMIT, LIST_LIMIT, MEMBERS_LIMIT, Source};
use super::{MirrorError, changelog};
use crate::feed::archive;
use crate::update::fetch::{self, FetchError};

/// Largest binary package that is fetched for its changelog.
const PACKAGE_LIMIT: u64 = 64 << 20;
/// Most packages of one source that are tried.
const TRIED: usize = 8;
/// Longest line of a list; dependencies of metapackages have some kB.
const LINE_LIMIT: u64 = 1 << 20;
/// Lists of other machines' packages that are worth their fetching, in bytes: a security suite's are, a release's are not.
const OTHERS_LIMIT: u64 = 2 << 20;
/// What a package's folder of documentation calls its changelog; in packages made for Debian alone it is the second.
const NAMES: [&str; 4] = ["changelog.Debian.gz", "changelog.gz", "changelog.Debian", "changelog"];

/// A binary package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Binary {
    /// The smallest come first.
    size: u64,
    name: String,
    /// Address of the file.
    address: String,
    sha256: String,
}

/// What a package holds in the place of its documentation.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Changelog(String),
    /// The documentation of this other package stands for its own.
    LinkTo(String),
    Nothing,
}

/// Finds the binary packages that were built from these versions of these sources. Lists are read as long as sources are
/// without any: that of this machine's architecture, then those of others.
pub(super) fn of_sources<'a>(
    client: &HttpClient,
    release: &Release,
    wanted: &[&'a Source],
    found: &mut BTreeMap<&'a str, Vec<Binary>>,
) -> Result<(), MirrorError> {
    let versions: BTreeMap<&str, &'a Source> = wanted.iter().map(|source| (source.name.as_str(), *source)).collect();
    for folder in folders(release) {
        let left = |found: &BTreeMap<&str, Vec<Binary>>| versions.keys().any(|name| !found.contains_key(name));
        if !left(found) {
            break;
        }
        for (path, size) in lists(release, &folder) {
            let own = folder.ends_with(&format!("binary-{}", architecture())) || folder.ends_with("binary-all");
            if size > if own { LIST_LIMIT } else { OTHERS_LIMIT } {
                continue;
            }
            // Mirrors of some architectures alone let the lists of the others grow old. Without a list there are gaps, and
            // no wrong answers.
            let packed = match release.file(client, path) {
                Err(MirrorError::Fetch(FetchError::Altered { .. } | FetchError::Status { .. })) => continue,
                outcome => outcome?,
            };
            let Some(packed) = packed else { continue };
            let address = format!("{}{path}", release.folder);
            let read =
                archive::unpacked(packed).and_then(|reader| parse(reader.take(LIST_LIMIT), &release.base, &versions, found));
            read.map_err(|error| MirrorError::Format { file: address, reason: error.to_string() })?;
        }
    }
    for binaries in found.values_mut() {
        binaries.sort();
        binaries.dedup();
    }
    Ok(())
}

/// Debian's name of this machine's architecture.
fn architecture() -> &'static str {
    match ARCH {
        "aarch64" => "arm64",
        "arm" => "armhf",
        "x86" => "i386",
        "powerpc64" => "ppc64el",
        "riscv64" => "riscv64",
        "s390x" => "s390x",
        _ => "amd64",
    }
}

/// The architectures' folders, without their component: this machine's, `all`, then the others.
fn folders(release: &Release) -> Vec<String> {
    let all: BTreeSet<&str> =
        release.files.keys().filter_map(|path| path.split('/').find(|part| part.starts_with("binary-"))).collect();
    let mut names: Vec<String> = all.into_iter().map(str::to_owned).collect();
    let own = format!("binary-{}", architecture());
    names.sort_by_key(|name| (*name != own, name != "binary-all"));
    names
}

/// The best packed list of each component for an architecture, with its size.
fn lists<'a>(release: &'a Release, folder: &str) -> Vec<(&'a str, u64)> {
    let mut chosen: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for suffix in ["/Packages", "/Packages.gz", "/Packages.xz"] {
        for (path, (size, _)) in &release.files {
            // Debian's installer has lists of its own, of packages that are in no image.
            let Some(at) = path.strip_suffix(suffix).filter(|at| at.ends_with(folder) && !at.contains("debian-installer")) else {
                continue;
            };
            chosen.insert(at, (path, *size));
        }
    }
    chosen.into_values().collect()
}

/// Takes out of a list what was built from the wanted versions.
fn parse<'a>(
    list: impl Read,
    base: &str,
    wanted: &BTreeMap<&str, &'a Source>,
    found: &mut BTreeMap<&'a str, Vec<Binary>>,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, list);
    let mut line = Vec::new();
    let mut entry = Entry::default();
    loop {
        line.clear();
        let read = reader.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line)?;
        let text = line.trim_ascii_end();
        if text.is_empty() {
            if let Some((source, binary)) = std::mem::take(&mut entry).binary(base, wanted) {
                found.entry(source).or_default().push(binary);
            }
            if read == 0 {
                return Ok(());
            }
        } else if let Some((name, value)) = std::str::from_utf8(text).ok().and_then(|text| text.split_once(": ")) {
            entry.take(name, value);
        }
    }
}

/// The fields of one package that matter.
#[derive(Default)]
struct Entry {
    package: String,
    source: String,
    version: String,
    path: String,
    size: u64,
    sha256: String,
}

impl Entry {
    fn take(&mut self, name: &str, value: &str) {
        let field = match name {
            "Package" => &mut self.package,
            "Source" => &mut self.source,
            "Version" => &mut self.version,
            "Filename" => &mut self.path,
            "SHA256" => &mut self.sha256,
            "Size" => {
                self.size = value.trim().parse().unwrap_or(0);
                return;
            }
            _ => return,
        };
        value.trim().clone_into(field);
    }

    /// The package, if it was built from a wanted source. `Source: curl (7.88.1-1)` where the versions differ.
    fn binary<'a>(self, base: &str, wanted: &BTreeMap<&str, &'a Source>) -> Option<(&'a str, Binary)> {
        let (name, version) = match self.source.split_once(" (") {
            Some((name, version)) => (name, version.trim_end_matches(')')),
            None if self.source.is_empty() => (self.package.as_str(), self.version.as_str()),
            None => (self.source.as_str(), self.version.as_str()),
        };
        let source = wanted.get(name).filter(|source| source.version == version)?;
        let usable = (1..=PACKAGE_LIMIT).contains(&self.size) && !self.path.is_empty() && !self.path.contains("..");
        usable.then(|| {
            let address = format!("{base}{}", self.path);
            let sha256 = self.sha256.to_ascii_lowercase();
            (source.name.as_str(), Binary { size: self.size, name: self.package, address, sha256 })
        })
    }
}

/// The changelog of a source out of one of its binary packages; `Ok(None)` where none has it.
pub(super) fn changelog(
    client: &HttpClient,
    source: &Source,
    binaries: &[Binary],
    cache: &Path,
) -> Result<Option<String>, MirrorError> {
    let mut left: Vec<&Binary> = binaries.iter().collect();
    // A link leads straight to the package that has it; else the smallest is the next.
    let mut next = None;
    for _ in 0..TRIED {
        let place = next.take().unwrap_or(0);
        if place >= left.len() {
            break;
        }
        let binary = left.remove(place);
        let Some(package) = fetch::verified(client, &binary.address, binary.size, &binary.sha256)? else { continue };
        // A damaged package says nothing against the next.
        match of_package(&package, source).unwrap_or(Found::Nothing) {
            Found::Changelog(text) => {
                sources::keep(source, cache, &text)?;
                return Ok(Some(text));
            }
            Found::LinkTo(name) => next = left.iter().position(|binary| binary.name == name),
            Found::Nothing => {}
        }
    }
    Ok(None)
}

/// The changelog in the archive inside a package.
fn of_package(package: &[u8], source: &Source) -> io::Result<Found> {
    let Some(data) = member(package, "data.tar") else { return Ok(Found::Nothing) };
    let mut found = Found::Nothing;
    for entry in tar::Archive::new(archive::unpacked(data.to_vec())?).entries()?.take(MEMBERS_LIMIT) {
        let entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
        let Some(rest) = path.strip_prefix("usr/share/doc/") else { continue };
        let kind = entry.header().entry_type();
        let Some((_, name)) = rest.split_once('/') else {
            if kind.is_symlink()
                && let Some(target) = entry.link_name_bytes()
            {
                let target = String::from_utf8_lossy(&target);
                found = Found::LinkTo(target.rsplit('/').next().unwrap_or_default().to_owned());
            }
            continue;
        };
        if !NAMES.contains(&name) || !kind.is_file() {
            continue;
        }
        let mut bytes = Vec::new();
        entry.take(CHANGELOG_LIMIT).read_to_end(&mut bytes)?;
        let mut text = Vec::new();
        archive::unpacked(bytes)?.take(CHANGELOG_LIMIT).read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        // The program's own changelog may have the same name.
        if changelog::has_entry(&text, &source.name, &source.version) {
            return Ok(Found::Changelog(text));
        }
    }
    Ok(found)
}

/// The member of an `ar` archive whose name begins so.
fn member<'a>(archive: &'a [u8], prefix: &str) -> Option<&'a [u8]> {
    let mut rest = archive.strip_prefix(b"!<arch>\n")?;
    loop {
        let (header, body) = rest.split_at_checked(60)?;
        let field = |range| header.get(range).and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::trim);
        let size: usize = field(48..58)?.parse().ok()?;
        let (content, after) = body.split_at_checked(size)?;
        if field(0..16)?.starts_with(prefix) {
            return Some(content);
        }
        // Members begin at even places.
        rest = after.get(size % 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, version: &str) -> Source {
        Source { name: name.to_owned(), version: version.to_owned(), archive: None }
    }

    #[test]
    fn packages_of_the_wanted_versions() {
        let list = "Package: curl\nVersion: 7-1\nDescription: x\n Source: no\nFilename: pool/curl.deb\nSize: 30\nSHA256: AB\n\n\
                    Package: libcurl4\nSource: curl\nVersion: 7-1\nFilename: pool/lib.deb\nSize: 20\nSHA256: cd\n\n\
                    Package: libcurl3\nSource: curl (7-1)\nVersion: 7-1+b1\nFilename: pool/lib3.deb\nSize: 10\nSHA256: ef\n\n\
                    Package: old\nSource: curl\nVersion: 6-1\nFilename: pool/old.deb\nSize: 5\nSHA256: ef\n\n\
                    Package: climbs\nSource: curl\nVersion: 7-1\nFilename: ../x\nSize: 5\nSHA256: ef\n\n\
                    Package: huge\nSource: curl\nVersion: 7-1\nFilename: pool/huge.deb\nSize: 999999999999\nSHA256: ef";
        let curl = source("curl", "7-1");
        let mut found = BTreeMap::new();
        parse(list.as_bytes(), "http://m/", &BTreeMap::from([("curl", &curl)]), &mut found).unwrap();
        let mut binaries = found.remove("curl").unwrap();
        binaries.sort();
        let seen: Vec<_> = binaries.iter().map(|binary| (binary.address.as_str(), binary.size, binary.sha256.as_str())).collect();
        assert_eq!(
            seen,
            [("http://m/pool/lib3.deb", 10, "ef"), ("http://m/pool/lib.deb", 20, "cd"), ("http://m/pool/curl.deb", 30, "ab")]
        );
    }

    #[test]
    fn members_of_an_archive() {
        let header = |name: &str, size: usize| format!("{name:<16}{:<32}{size:<10}`\n", "0");
        let archive = format!("!<arch>\n{}2.0\n\n{}data", header("debian-binary", 3), header("data.tar.xz", 4));
        // The first member has an odd length, and a byte of padding that is no part of it.
        let archive = archive.replacen("2.0\n\n", "2.0\n", 1);
        assert_eq!(member(archive.as_bytes(), "data.tar"), Some(&b"data"[..]));
        assert_eq!(member(archive.as_bytes(), "control.tar"), None);
        for cut in 0..archive.len() {
            assert_eq!(member(&archive.as_bytes()[..cut], "data.tar"), None, "{cut}");
        }
        assert_eq!(member(b"!<arch>\n", "data.tar"), None);
    }
}
