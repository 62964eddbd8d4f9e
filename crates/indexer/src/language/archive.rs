//! Zip archives in memory, and archives inside them, for the price of a budget: whatever sizes an archive declares, no
//! more bytes are inflated, held or looked through than one file may cost.

use std::borrow::Cow;
use std::io::Read;

use crate::memory::{self, Turn};
use image::More;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

/// What is left to spend on one file and everything inside it.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Bytes that may still come out of members, inflated or stored; bounds the time.
    bytes: u64,
    /// Members that may still be listed.
    members: u64,
    /// Archives inside that may still be opened.
    archives: u64,
    /// Inflated bytes that are held at this moment, in archives that are being read.
    held: u64,
    /// Taken once what is held is much; kept to the end.
    turn: Option<Turn>,
}

impl Budget {
    /// Inflated archives on the way from the file to the innermost one.
    const MAX_HELD: u64 = 256 << 20;

    pub(crate) fn new() -> Self {
        Self { bytes: 1 << 30, members: 4_000_000, archives: 10_000, held: 0, turn: None }
    }

    /// Inflates at most `limit` bytes and one, so that the caller sees that there were more. What is much waits for its turn.
    fn inflate(&mut self, data: &[u8], limit: u64) -> (Vec<u8>, std::io::Result<()>) {
        let mut content = Vec::new();
        let mut decoder = flate2::bufread::DeflateDecoder::new(data);
        let free = if self.turn.is_some() { u64::MAX } else { memory::FREE.saturating_sub(self.held) };
        let mut read = decoder.by_ref().take(free.min(limit + 1)).read_to_end(&mut content);
        if read.is_ok() && content.len() as u64 == free && free <= limit {
            self.turn.get_or_insert_with(Turn::take);
            read = decoder.take(limit + 1 - free).read_to_end(&mut content);
        }
        (content, read.map(drop))
    }

    /// Whether one more archive may be opened.
    pub(super) fn open_one(&mut self) -> bool {
        match self.archives.checked_sub(1) {
            Some(left) => {
                self.archives = left;
                true
            }
            None => false,
        }
    }
}

/// A member of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Name as stored.
    pub(crate) name: Vec<u8>,
    method: CompressionMethod,
    encrypted: bool,
    place: ZipArchiveEntryWayfinder,
}

/// Why an archive or a member could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("is not a readable zip archive: {0}")]
    Zip(#[from] rawzip::Error),
    #[error("holds encrypted members")]
    Encrypted,
    #[error("holds members in a compression that Java does not read")]
    Method,
    #[error("holds more than may be unpacked of one file; the rest was not looked at")]
    Budget,
    #[error("holds damaged members: {0}")]
    Inflate(#[from] std::io::Error),
}

/// One archive.
pub(crate) struct Archive<'a>(ZipSliceArchive<&'a [u8]>);

impl<'a> Archive<'a> {
    pub(crate) fn open(content: &'a [u8]) -> Result<Self, Error> {
        Ok(Self(ZipArchive::from_slice(content)?))
    }

    /// The members that `wanted` asks for, in the order of the central directory, and why the list ends early.
    pub(crate) fn members(&self, budget: &mut Budget, wanted: impl Fn(&[u8]) -> bool) -> (Vec<Member>, Option<Error>) {
        let mut members = Vec::new();
        let mut entries = self.0.entries();
        loop {
            let entry = match entries.next_entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => return (members, None),
                Err(error) => return (members, Some(error.into())),
            };
            let Some(left) = budget.members.checked_sub(1) else { return (members, Some(Error::Budget)) };
            budget.members = left;
            let path = entry.file_path();
            let name = path.as_ref();
            if !path.is_dir() && wanted(name) {
                members.push(Member {
                    name: name.to_vec(),
                    method: entry.compression_method(),
                    encrypted: entry.flags().is_encrypted(),
                    place: entry.wayfinder(),
                });
            }
        }
    }

    /// The content of a member piece by piece, as long as `piece` wants more and the budget lasts; whether all of it came.
    pub(crate) fn stream(&self, member: &Member, budget: &mut Budget, mut piece: impl FnMut(&[u8]) -> More) -> bool {
        if member.encrypted {
            return false;
        }
        let Ok(entry) = self.0.get_entry(member.place) else { return false };
        let mut buffer = [0; 16 << 10];
        let mut stored = entry.data();
        let mut deflated = flate2::bufread::DeflateDecoder::new(entry.data());
        loop {
            let read = match member.method {
                CompressionMethod::STORE => stored.read(&mut buffer),
                CompressionMethod::DEFLATE => deflated.read(&mut buffer),
                _ => return false,
            };
            match read {
                Ok(0) => return true,
                Ok(read) => match budget.bytes.checked_sub(read as u64) {
                    Some(left) => budget.bytes = left,
                    None => return false,
                },
                Err(_) => return false,
            }
            if let Ok(read) = read
                && piece(&buffer[..read]) == More::No
            {
                return true;
            }
        }
    }

    /// The content of a member of at most `limit` bytes: borrowed where it is stored, as the jars inside Spring Boot's are.
    pub(super) fn read(&self, member: &Member, limit: u64, budget: &mut Budget) -> Result<Cow<'_, [u8]>, Error> {
        if member.encrypted {
            return Err(Error::Encrypted);
        }
        let limit = limit.min(budget.bytes);
        let data = self.0.get_entry(member.place)?.data();
        let content = match member.method {
            CompressionMethod::STORE => Cow::Borrowed(data),
            CompressionMethod::DEFLATE => {
                let limit = limit.min(Budget::MAX_HELD.saturating_sub(budget.held));
                let (content, read) = budget.inflate(data, limit);
                // What was inflated was paid for, whether or not it can be used.
                let paid = (content.len() as u64).min(budget.bytes);
                if let Err(error) = read {
                    budget.bytes -= paid;
                    return Err(error.into());
                }
                if content.len() as u64 > limit {
                    budget.bytes -= paid;
                    return Err(Error::Budget);
                }
                Cow::Owned(content)
            }
            _ => return Err(Error::Method),
        };
        if content.len() as u64 > limit {
            return Err(Error::Budget);
        }
        budget.bytes -= content.len() as u64;
        Ok(content)
    }
}

/// Runs `work` while `content` is held, so that what is unpacked below it knows.
pub(super) fn while_held<T>(content: Cow<'_, [u8]>, budget: &mut Budget, work: impl FnOnce(&[u8], &mut Budget) -> T) -> T {
    let size = if matches!(&content, Cow::Owned(_)) { content.len() as u64 } else { 0 };
    budget.held += size;
    let result = work(&content, budget);
    drop(content);
    budget.held -= size;
    result
}
