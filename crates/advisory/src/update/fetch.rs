//! Files over HTTP: small ones and those of known checksum into memory, feeds onto disk, conditional and resumed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use client::{HttpClient, Request, Response, Resumable};
use jiff::tz::Offset;
use sha2::{Digest as _, Sha256};

use super::state::Validators;

/// Largest feed file; the largest known has 700 MB.
const FEED_LIMIT: u64 = 4 << 30;
/// How often in a row a transfer may break off.
const BREAKS: u32 = 5;

/// A file that could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No answer, or none to the end.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// An answer that is not the file.
    #[error("{address} answered with status {status}")]
    Status {
        /// What was asked.
        address: String,
        /// The status.
        status: u16,
    },
    /// More than can be meant.
    #[error("{address} is larger than the {limit} bytes that are taken")]
    TooLarge {
        /// What was asked.
        address: String,
        /// How much is taken.
        limit: u64,
    },
    /// Other bytes than a signed or verified list says.
    #[error("{address} is not the file that its list names: {what} differs")]
    Altered {
        /// What was asked.
        address: String,
        /// `length` or `checksum`.
        what: &'static str,
    },
    /// The transfer broke off.
    #[error("the transfer from {address} broke off: {source}")]
    Broken {
        /// What was asked.
        address: String,
        /// How.
        source: io::Error,
    },
    /// A file of this machine.
    #[error("cannot write {path}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl FetchError {
    /// Whether the server as a whole did not answer, so that its other files need not be asked for.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::Client(client::Error::Unreachable { .. } | client::Error::Timeout { .. } | client::Error::Offline { .. })
        )
    }
}

fn status(response: &Response) -> FetchError {
    FetchError::Status { address: response.address.to_string(), status: response.status }
}

/// A file of at most `limit` bytes; `None` where it is not there.
pub(crate) fn small(client: &HttpClient, address: &str, limit: u64) -> Result<Option<Vec<u8>>, FetchError> {
    small_of(client, address, limit, false)
}

/// The same; with `once`, one failure is the end.
pub(crate) fn small_of(client: &HttpClient, address: &str, limit: u64, once: bool) -> Result<Option<Vec<u8>>, FetchError> {
    let response = client.send(&Request { address, once, ..Request::default() })?;
    match response.status {
        200 => {}
        404 | 410 => return Ok(None),
        _ => return Err(status(&response)),
    }
    let bytes = response.bytes(limit)?;
    if bytes.len() as u64 > limit {
        return Err(FetchError::TooLarge { address: address.to_owned(), limit });
    }
    Ok(Some(bytes))
}

/// A file whose length and SHA-256 are known; `None` where it is not there.
pub(crate) fn verified(client: &HttpClient, address: &str, length: u64, sha256: &str) -> Result<Option<Vec<u8>>, FetchError> {
    let response = client.get(address, &[])?;
    match response.status {
        200 => {}
        404 | 410 => return Ok(None),
        _ => return Err(status(&response)),
    }
    let again = |resume: &client::Resume| {
        let headers = resume.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.get(address, &headers).map_err(io::Error::from)
    };
    let mut bytes = Vec::new();
    let read = Resumable::new(response, again).take(length.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|source| FetchError::Broken { address: address.to_owned(), source })?;
    let altered = |what| Err(FetchError::Altered { address: address.to_owned(), what });
    if bytes.len() as u64 != length {
        return altered("length");
    }
    if hex(&Sha256::digest(&bytes)) != sha256 {
        return altered("checksum");
    }
    Ok(Some(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What came of asking for a feed's file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Download {
    /// The file that is kept is the newest.
    Unchanged,
    /// It lies at the place that was asked for, whole.
    Fresh {
        validators: Validators,
        /// The day that the server gives it.
        date: Option<String>,
        length: u64,
    },
}

/// Fetches a file to `part`, unless the one that `known` describes is still the newest. What an earlier attempt left at
/// `part` is gone on with where the server still has the same file.
pub(super) fn to_file(
    client: &HttpClient,
    address: &str,
    known: Option<&Validators>,
    part: &Path,
    once: bool,
    progress: &dyn Fn(u64, u64),
) -> Result<Download, FetchError> {
    let write = |source| FetchError::Write { path: part.to_owned(), source };
    let notes = part.with_extension("part.json");
    let mut breaks = 0;
    loop {
        let begun: Option<Validators> = fs::read(&notes).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let begun = begun.filter(|validators| range_validator(validators).is_some());
        let at = begun.as_ref().map_or(0, |_| fs::metadata(part).map_or(0, |metadata| metadata.len()));
        let mut headers: Vec<(&str, String)> = Vec::new();
        match begun.as_ref().and_then(range_validator).filter(|_| at > 0) {
            Some(validator) => headers.extend([("Range", format!("bytes={at}-")), ("If-Range", validator.to_owned())]),
            None => {
                headers.extend(known.and_then(|known| known.etag.clone()).map(|etag| ("If-None-Match", etag)));
                headers.extend(known.and_then(|known| known.last_modified.clone()).map(|date| ("If-Modified-Since", date)));
            }
        }
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let response = client.send(&Request { address, headers: &headers, once, ..Request::default() })?;
        let resumed = match response.status {
            304 => return Ok(Download::Unchanged),
            206 if at > 0 && content_start(&response) == Some(at) => true,
            200 => false,
            206 | 416 if breaks < BREAKS => {
                let _ = fs::remove_file(&notes);
                breaks += 1;
                continue;
            }
            _ => return Err(status(&response)),
        };
        let validators = Validators {
            etag: response.headers.get("etag").map(str::to_owned),
            last_modified: response.headers.get("last-modified").map(str::to_owned),
        };
        let date = [response.headers.get("last-modified"), response.headers.get("date")].into_iter().flatten().find_map(day);
        let start = if resumed { at } else { 0 };
        let mut file = if resumed {
            OpenOptions::new().append(true).open(part).map_err(write)?
        } else {
            let _ = fs::remove_file(&notes);
            let file = File::create(part).map_err(write)?;
            fs::write(&notes, serde_json::to_vec(&validators).unwrap_or_default()).map_err(write)?;
            file
        };
        match copy(response, &mut file, start, address, part, progress) {
            Ok(length) => {
                file.sync_all().map_err(write)?;
                let _ = fs::remove_file(&notes);
                return Ok(Download::Fresh { validators, date, length });
            }
            Err(FetchError::Broken { source, address }) if source.kind() == io::ErrorKind::UnexpectedEof => {
                breaks += 1;
                if once || breaks >= BREAKS {
                    return Err(FetchError::Broken { address, source });
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Writes the body behind the `start` bytes that are there; the length of the whole.
fn copy(
    mut response: Response,
    file: &mut File,
    start: u64,
    address: &str,
    part: &Path,
    progress: &dyn Fn(u64, u64),
) -> Result<u64, FetchError> {
    let total = response.body.left().map_or(0, |left| start.saturating_add(left));
    let mut at = start;
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = match response.body.read(&mut buffer) {
            Ok(0) => return Ok(at),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(FetchError::Broken { address: address.to_owned(), source }),
        };
        let chunk = buffer.get(..read).unwrap_or_default();
        file.write_all(chunk).map_err(|source| FetchError::Write { path: part.to_owned(), source })?;
        at = at.saturating_add(read as u64);
        if at > FEED_LIMIT {
            return Err(FetchError::TooLarge { address: address.to_owned(), limit: FEED_LIMIT });
        }
        progress(at, total);
    }
}

/// What tells the server which file was begun: a strong entity tag, else the date.
fn range_validator(validators: &Validators) -> Option<&str> {
    validators.etag.as_deref().filter(|tag| !tag.starts_with("W/")).or(validators.last_modified.as_deref())
}

/// The first byte of `bytes 5-9/10`.
fn content_start(response: &Response) -> Option<u64> {
    response.headers.get("content-range")?.trim().strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

/// `2026-11-24` of `Tue, 24 Nov 2026 00:35:38 GMT`.
fn day(header: &str) -> Option<String> {
    let time = jiff::fmt::rfc2822::parse(header).ok()?.timestamp();
    Some(Offset::UTC.to_datetime(time).date().to_string())
}
