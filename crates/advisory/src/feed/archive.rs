//! Feed files as they are published: plain or compressed with gzip, zstd, bzip2 or xz, single documents or zip and tar archives of many.
//!
//! What a file is wrapped in is told by its first bytes. Everything read is bounded, and an archive's members are handed
//! out one at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::FeedError;

/// Largest document, decompressed. The largest known (Red Hat's OVAL stream of one release) has 250 MB.
const DOCUMENT_LIMIT: u64 = 512 << 20;
/// Largest member of an archive, decompressed. The largest known (a VEX document) has 5 MB.
const MEMBER_LIMIT: u64 = 64 << 20;
/// Most members of an archive; the largest known archive has about 250,000.
const MEMBERS_LIMIT: usize = 5_000_000;
/// zstd windows of 128 MiB, as `--long=27` writes them.
const WINDOW_LOG: u32 = 27;

/// One document.
pub(super) struct Member {
    /// Path within the archive, or the file's name.
    pub(super) name: String,
    /// Contents.
    pub(super) bytes: Vec<u8>,
}

/// Reads a file that is one document.
pub(super) fn document(path: &Path) -> Result<Vec<u8>, FeedError> {
    let mut bytes = Vec::new();
    let read = unwrapped(path)?.take(DOCUMENT_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| damaged(path, &error))?;
    if read as u64 > DOCUMENT_LIMIT {
        return Err(damaged(path, &format!("it holds more than {} MiB", DOCUMENT_LIMIT >> 20)));
    }
    Ok(bytes)
}

/// Hands out the documents of a zip or tar archive whose names `wanted` accepts, in the archive's order.
pub(super) fn members(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Member) -> Result<(), FeedError>,
) -> Result<(), FeedError> {
    let mut magic = [0; 4];
    let mut file = open(path)?;
    let length = file.read(&mut magic).map_err(|source| FeedError::Read { path: path.to_owned(), source })?;
    // `PK\5\6` is an archive without members.
    if length == 4 && (magic == *b"PK\x03\x04" || magic == *b"PK\x05\x06") {
        return zip_members(path, file, wanted, each);
    }
    tar_members(path, wanted, each)
}

/// The members of a zip archive, checked against their sizes and CRCs.
fn zip_members(
    path: &Path,
    file: File,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Member) -> Result<(), FeedError>,
) -> Result<(), FeedError> {
    let bad = |error: rawzip::Error| damaged(path, &error);
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = rawzip::ZipArchive::from_file(file, &mut buffer).map_err(bad)?;
    let mut entries = archive.entries(&mut buffer);
    let mut seen = 0;
    while let Some(entry) = entries.next_entry().map_err(bad)? {
        seen += 1;
        if seen > MEMBERS_LIMIT {
            return Err(damaged(path, &format!("it has more than {MEMBERS_LIMIT} members")));
        }
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        if entry.is_dir() || !wanted(&name) {
            continue;
        }
        let method = entry.compression_method();
        let local = archive.get_entry(entry.wayfinder()).map_err(bad)?;
        let compressed = local.reader();
        let plain: Box<dyn Read> = match method {
            rawzip::CompressionMethod::STORE => Box::new(local.verifying_reader(compressed)),
            rawzip::CompressionMethod::DEFLATE => Box::new(local.verifying_reader(flate2::read::DeflateDecoder::new(compressed))),
            other => return Err(damaged(path, &format!("member {name} is packed with method {}", other.as_u16()))),
        };
        each(Member { bytes: bounded(path, &name, plain)?, name })?;
    }
    Ok(())
}

/// The regular files of a tar archive.
fn tar_members(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Member) -> Result<(), FeedError>,
) -> Result<(), FeedError> {
    let mut archive = tar::Archive::new(unwrapped(path)?);
    let mut seen = 0;
    for entry in archive.entries().map_err(|error| damaged(path, &error))? {
        let entry = entry.map_err(|error| damaged(path, &error))?;
        seen += 1;
        if seen > MEMBERS_LIMIT {
            return Err(damaged(path, &format!("it has more than {MEMBERS_LIMIT} members")));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
        if !entry.header().entry_type().is_file() || !wanted(&name) {
            continue;
        }
        let size = entry.size();
        let bytes = bounded(path, &name, entry)?;
        if bytes.len() as u64 != size {
            return Err(damaged(path, &format!("member {name} is cut short")));
        }
        each(Member { name, bytes })?;
    }
    if seen == 0 {
        return Err(damaged(path, &"it is an empty archive, or none"));
    }
    Ok(())
}

/// Reads a member whole.
fn bounded(path: &Path, name: &str, mut reader: impl Read) -> Result<Vec<u8>, FeedError> {
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(MEMBER_LIMIT + 1).read_to_end(&mut bytes);
    let read = read.map_err(|error| damaged(path, &format!("member {name}: {error}")))?;
    if read as u64 > MEMBER_LIMIT {
        return Err(damaged(path, &format!("member {name} holds more than {} MiB", MEMBER_LIMIT >> 20)));
    }
    Ok(bytes)
}

/// Opens a file and takes off its compression.
fn unwrapped(path: &Path) -> Result<Box<dyn Read>, FeedError> {
    let cannot = |source| FeedError::Read { path: path.to_owned(), source };
    let mut file = open(path)?;
    let mut magic = [0; 4];
    let mut length = 0;
    while length < magic.len() {
        match file.read(magic.get_mut(length..).unwrap_or_default()).map_err(cannot)? {
            0 => break,
            more => length += more,
        }
    }
    file.seek(SeekFrom::Start(0)).map_err(cannot)?;
    decoder(magic, BufReader::with_capacity(1 << 16, file)).map_err(cannot)
}

/// Takes off the compression of what is in memory.
pub(crate) fn unpacked(bytes: Vec<u8>) -> io::Result<Box<dyn Read>> {
    let magic = bytes.first_chunk().copied().unwrap_or_default();
    decoder(magic, io::Cursor::new(bytes))
}

fn decoder(magic: [u8; 4], reader: impl BufRead + 'static) -> io::Result<Box<dyn Read>> {
    Ok(match magic {
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        [b'B', b'Z', b'h', _] => Box::new(bzip2::read::MultiBzDecoder::new(reader)),
        [0xfd, b'7', b'z', b'X'] => Box::new(lzma_rust2::XzReader::new(reader, true)),
        _ => Box::new(reader),
    })
}

/// Opens a regular file.
fn open(path: &Path) -> Result<File, FeedError> {
    let cannot = |source| FeedError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(cannot)?;
    if !file.metadata().map_err(cannot)?.is_file() {
        return Err(cannot(io::Error::other("it is not a regular file")));
    }
    Ok(file)
}

/// The error of a file whose contents cannot be.
pub(super) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> FeedError {
    FeedError::Damaged { path: path.to_owned(), reason: reason.to_string() }
}
