//! `Sources`: the source packages of a suite, and the changelog inside each
//! (<https://wiki.debian.org/DebianRepository/Format>, <https://manpages.debian.org/dsc.5>).

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use client::HttpClient;

use super::release::Release;
use super::{MirrorError, io_at};
use crate::database::replace;
use crate::feed::archive;
use crate::update::fetch;

/// Largest list of sources, packed and unpacked. Ubuntu's largest have 25 and 150 MB.
pub(super) const LIST_LIMIT: u64 = 512 << 20;
/// Largest archive that is fetched for its changelog; the largest of Debian's security suite has 25 MB.
const ARCHIVE_LIMIT: u64 = 128 << 20;
/// Longest changelog; the kernel's has 4 MB.
pub(super) const CHANGELOG_LIMIT: u64 = 64 << 20;
/// Most members of an archive.
pub(super) const MEMBERS_LIMIT: usize = 1_000_000;

/// A source package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) version: String,
    /// The file of it that holds `debian/changelog`; `None` where its list names none that could.
    pub(super) archive: Option<File>,
}

/// A file of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Below the repository.
    pub(super) path: String,
    pub(super) size: u64,
    /// Hexadecimal, in lower case.
    pub(super) sha256: String,
}

/// Reads the sources of every component of a suite.
pub(super) fn of_suite(client: &HttpClient, release: &Release) -> Result<Vec<Source>, MirrorError> {
    let mut found = Vec::new();
    for (folder, path) in lists(release) {
        let address = format!("{}{path}", release.folder);
        let Some(packed) = release.file(client, path)? else {
            // Mirrors of one component alone are common; without the main one there is nothing.
            if folder == "main/source/" {
                return Err(MirrorError::Format { file: address, reason: "the mirror lists it and does not have it".to_owned() });
            }
            continue;
        };
        let mut text = Vec::new();
        let unpacked = archive::unpacked(packed).and_then(|reader| reader.take(LIST_LIMIT).read_to_end(&mut text));
        unpacked.map_err(|error| MirrorError::Format { file: address.clone(), reason: error.to_string() })?;
        parse(&String::from_utf8_lossy(&text), &mut found);
    }
    if found.is_empty() {
        let reason = "it names no source packages".to_owned();
        return Err(MirrorError::Format { file: format!("{}InRelease", release.folder), reason });
    }
    Ok(found)
}

/// The best packed list of each component: its folder and its path.
fn lists(release: &Release) -> Vec<(&str, &str)> {
    let mut chosen: Vec<(&str, &str)> = Vec::new();
    for suffix in ["Sources.xz", "Sources.gz", "Sources"] {
        for path in release.files.keys() {
            let Some(folder) = path.strip_suffix(suffix).filter(|folder| folder.ends_with("/source/")) else { continue };
            if !chosen.iter().any(|(known, _)| *known == folder) {
                chosen.push((folder, path));
            }
        }
    }
    chosen
}

/// Reads a list.
fn parse(text: &str, found: &mut Vec<Source>) {
    for entry in text.split("\n\n") {
        let (mut name, mut version, mut folder, mut format) = ("", "", "", "");
        let mut files: Vec<(&str, u64, &str)> = Vec::new();
        let mut field = "";
        for line in entry.lines() {
            if let Some(line) = line.strip_prefix(' ') {
                let mut words = line.split_whitespace();
                if let (true, Some(sha256), Some(size), Some(file)) =
                    (field == "Checksums-Sha256", words.next(), words.next(), words.next())
                {
                    files.extend(size.parse().ok().map(|size| (sha256, size, file)));
                }
            } else if let Some((key, value)) = line.split_once(':') {
                field = key;
                match key {
                    "Package" => name = value.trim(),
                    "Version" => version = value.trim(),
                    "Directory" => folder = value.trim(),
                    "Format" => format = value.trim(),
                    _ => {}
                }
            }
        }
        let holds_changelog = |file: &str| match format {
            "1.0" => file.ends_with(".diff.gz"),
            _ => file.contains(".debian.tar."),
        };
        let is_archive = |file: &str| file.contains(".tar.") && !file.contains(".orig") && !file.ends_with(".asc");
        let file = files.iter().find(|(.., file)| holds_changelog(file) && !file.ends_with(".asc"));
        let file = file.or_else(|| files.iter().find(|(.., file)| is_archive(file)));
        // A path that climbs would be asked of the mirror as it stands, and means nothing there.
        let archive = file.filter(|_| !folder.contains("..")).map(|(sha256, size, file)| File {
            path: format!("{folder}/{file}"),
            size: *size,
            sha256: sha256.to_ascii_lowercase(),
        });
        if !name.is_empty() && !version.is_empty() {
            found.push(Source { name: name.to_owned(), version: version.to_owned(), archive });
        }
    }
}

/// Where the changelog of a source is kept: by the checksum of its archive, wherever the text came from.
fn place(source: &Source, cache: &Path) -> Option<PathBuf> {
    let sha256 = &source.archive.as_ref()?.sha256;
    let is_checksum = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_checksum.then(|| cache.join(format!("{sha256}.changelog.zst")))
}

/// The changelog of a source that was read before.
pub(super) fn kept(source: &Source, cache: &Path) -> Option<String> {
    let bytes = fs::read(place(source, cache)?).ok()?;
    let text = zstd::bulk::decompress(&bytes, CHANGELOG_LIMIT as usize).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Keeps the changelog of a source for the next time.
pub(super) fn keep(source: &Source, cache: &Path, text: &str) -> Result<(), MirrorError> {
    let Some(path) = place(source, cache) else { return Ok(()) };
    let bytes = zstd::bulk::compress(text.as_bytes(), 3).map_err(io_at(&path))?;
    replace(&path, &bytes).map_err(io_at(&path))
}

/// The changelog in the archive of a source; `Ok(None)` where the mirror does not have the archive, or it holds none.
pub(super) fn changelog(client: &HttpClient, base: &str, source: &Source, cache: &Path) -> Result<Option<String>, MirrorError> {
    let Some(file) = source.archive.as_ref().filter(|file| file.size <= ARCHIVE_LIMIT) else { return Ok(None) };
    let address = format!("{base}{}", file.path);
    let Some(packed) = fetch::verified(client, &address, file.size, &file.sha256)? else { return Ok(None) };
    let text = archive::unpacked(packed)
        .and_then(|unpacked| if file.path.ends_with(".diff.gz") { of_diff(unpacked) } else { of_tar(unpacked) });
    let text = text.map_err(|error| MirrorError::Format { file: address, reason: error.to_string() })?;
    if let Some(text) = &text {
        keep(source, cache, text)?;
    }
    Ok(text)
}

/// `debian/changelog` in an archive of the packaging alone, `NAME/debian/changelog` in one of everything.
fn of_tar(reader: impl Read) -> std::io::Result<Option<String>> {
    for entry in tar::Archive::new(reader).entries()?.take(MEMBERS_LIMIT) {
        let entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
        let inner = path.split_once('/').map_or("", |(_, inner)| inner);
        if (path == "debian/changelog" || inner == "debian/changelog") && entry.header().entry_type().is_file() {
            let mut bytes = Vec::new();
            entry.take(CHANGELOG_LIMIT).read_to_end(&mut bytes)?;
            return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(None)
}

/// The changelog that a `.diff.gz` of the first format adds; one that it only changes cannot be read from it.
fn of_diff(reader: impl Read) -> std::io::Result<Option<String>> {
    let mut lines = BufReader::new(reader.take(ARCHIVE_LIMIT * 8)).split(b'\n');
    let is_changelog = |line: &[u8]| {
        line.starts_with(b"+++ ") && line.windows(18).any(|part| part == b"/debian/changelog\t" || part == b"/debian/changelog ")
    };
    loop {
        let Some(line) = lines.next() else { return Ok(None) };
        let line = line?;
        if is_changelog(&line) || (line.starts_with(b"+++ ") && line.ends_with(b"/debian/changelog")) {
            break;
        }
    }
    let Some(hunk) = lines.next().transpose()? else { return Ok(None) };
    if !hunk.starts_with(b"@@ -0,0 ") {
        return Ok(None);
    }
    let mut text = Vec::new();
    for line in lines {
        let line = line?;
        let Some(added) = line.strip_prefix(b"+").filter(|_| (text.len() as u64) < CHANGELOG_LIMIT) else { break };
        text.extend_from_slice(added);
        text.push(b'\n');
    }
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_with_the_changelog() {
        let entry = |format: &str, files: &str| {
            let text = format!(
                "Package: a\nVersion: 1\nFormat: {format}\nFiles:\n x 1 wrong.debian.tar.xz\nChecksums-Sha256:\n{files}\nDirectory: pool/a\n"
            );
            let mut found = Vec::new();
            parse(&text, &mut found);
            found.pop().and_then(|source| source.archive).map(|file| file.path)
        };
        let quilt = " aa 1 a.dsc\n aa 1 a.orig.tar.xz\n aa 1 a.orig.tar.xz.asc\n aa 5 a.debian.tar.xz";
        assert_eq!(entry("3.0 (quilt)", quilt).as_deref(), Some("pool/a/a.debian.tar.xz"));
        assert_eq!(entry("3.0 (native)", " aa 1 a.dsc\n aa 1 a_1.tar.xz").as_deref(), Some("pool/a/a_1.tar.xz"));
        assert_eq!(entry("1.0", " aa 1 a.orig.tar.gz\n aa 1 a.diff.gz").as_deref(), Some("pool/a/a.diff.gz"));
        assert_eq!(entry("1.0", " aa 1 a.dsc\n aa 1 a_1.tar.gz").as_deref(), Some("pool/a/a_1.tar.gz"));
        assert_eq!(entry("3.0 (quilt)", " aa 1 a.dsc"), None);
    }

    #[test]
    fn a_changelog_out_of_a_diff() {
        let diff = "--- a.orig/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n--- a.orig/debian/changelog\n+++ a/debian/changelog\n@@ -0,0 +1,2 @@\n+a (1) u; urgency=low\n+\n--- a.orig/y\n+++ a/y\n";
        assert_eq!(of_diff(diff.as_bytes()).unwrap().as_deref(), Some("a (1) u; urgency=low\n\n"));
        assert_eq!(of_diff("+++ a/debian/changelog\n@@ -1,2 +1,3 @@\n+a\n".as_bytes()).unwrap(), None);
        assert_eq!(of_diff("".as_bytes()).unwrap(), None);
    }
}
