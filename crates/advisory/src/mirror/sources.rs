//! `Sources`: the source packages of a suite, and the changelog inside each
//! (<https://wiki.debian.org/DebianRepository/Format>, <https://manpages.debian.org/dsc.5>).

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use client::HttpClient;

use super::release::Release;
use super::{MirrorError, io_at};
use crate::database::replace;
use crate::feed::archive;
use crate::update::fetch;

/// Largest list of sources, packed and unpacked. Ubuntu's largest have 25 and 150 MB.
const LIST_LIMIT: u64 = 512 << 20;
/// Largest archive that is fetched for its changelog; the largest of Debian's security suite has 25 MB.
const ARCHIVE_LIMIT: u64 = 128 << 20;
/// Longest changelog; the kernel's has 4 MB.
const CHANGELOG_LIMIT: u64 = 64 << 20;
/// Most members of an archive.
const MEMBERS_LIMIT: usize = 1_000_000;

/// A source package and the file of it that holds `debian/changelog`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) version: String,
    /// Path of the file below the repository.
    pub(super) path: String,
    size: u64,
    sha256: String,
}

/// Reads the sources of every component of a suite.
pub(super) fn of_suite(client: &HttpClient, release: &Release) -> Result<Vec<Source>, MirrorError> {
    let mut found = Vec::new();
    for (folder, path) in lists(release) {
        let address = format!("{}{path}", release.folder);
        let (size, sha256) = release.files.get(path).cloned().unwrap_or_default();
        if size > LIST_LIMIT {
            return Err(MirrorError::Format { file: address, reason: "it is too large".to_owned() });
        }
        let Some(packed) = fetch::verified(client, &address, size, &sha256)? else {
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

/// Reads a list. Entries without a file that could hold the changelog are left out.
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
        if let (Some((sha256, size, file)), false) = (file, name.is_empty() || version.is_empty() || folder.contains("..")) {
            found.push(Source {
                name: name.to_owned(),
                version: version.to_owned(),
                path: format!("{folder}/{file}"),
                size: *size,
                sha256: sha256.to_ascii_lowercase(),
            });
        }
    }
}

/// The changelog of a source: from the cache, which goes by the archive's checksum, else from the mirror. `Ok(None)`
/// where the archive holds none.
pub(super) fn changelog(client: &HttpClient, base: &str, source: &Source, cache: &Path) -> Result<Option<String>, MirrorError> {
    let address = format!("{base}{}", source.path);
    let format = |reason: &str| MirrorError::Format { file: address.clone(), reason: reason.to_owned() };
    if source.sha256.len() != 64 || !source.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format("its list names no checksum"));
    }
    let kept = cache.join(format!("{}.changelog.zst", source.sha256));
    if let Some(text) = fs::read(&kept).ok().and_then(|bytes| zstd::bulk::decompress(&bytes, CHANGELOG_LIMIT as usize).ok()) {
        return Ok(Some(String::from_utf8_lossy(&text).into_owned()).filter(|text| !text.is_empty()));
    }
    if source.size > ARCHIVE_LIMIT {
        return Err(format(&format!("it is larger than the {} MiB that are fetched for a changelog", ARCHIVE_LIMIT >> 20)));
    }
    let packed =
        fetch::verified(client, &address, source.size, &source.sha256)?.ok_or_else(|| format("the mirror does not have it"))?;
    let unpacked = archive::unpacked(packed).map_err(|error| format(&error.to_string()))?;
    let text = if source.path.ends_with(".diff.gz") { of_diff(unpacked) } else { of_tar(unpacked) };
    let text = text.map_err(|error| format(&error.to_string()))?;
    // An empty file says that there is none, so that it is not asked for again.
    let bytes = text.clone().unwrap_or_default();
    let bytes = zstd::bulk::compress(bytes.as_bytes(), 3).map_err(io_at(&kept))?;
    replace(&kept, &bytes).map_err(io_at(&kept))?;
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
            found.pop().map(|source| source.path)
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
