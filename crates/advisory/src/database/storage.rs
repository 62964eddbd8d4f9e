//! The bytes of a database, mapped or built in, handed out only after the checksum of their block was found right.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use memmap2::Mmap;
use sha2::{Digest as _, Sha256};

use super::DatabaseError;
use super::format::{BLOCK, Corrupt, Header, HeaderError, SCHEMA, Section, number32};

enum Bytes {
    Mapped(Mmap),
    Static(&'static [u8]),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Static(bytes) => bytes,
        }
    }
}

/// A database's bytes with its checked header.
pub(super) struct Storage {
    bytes: Bytes,
    header: Header,
    /// Which blocks were found right already. Several threads may check one block at once; they agree.
    checked: Box<[AtomicBool]>,
    /// What errors call this database.
    name: String,
}

impl Storage {
    /// Maps a file and checks its header and checksum table.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let name = path.display().to_string();
        let failed = |source| DatabaseError::Open { database: name.clone(), source };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(DatabaseError::Foreign { database: name });
        }
        // SAFETY: the mapping is read-only and only ever read as bytes. Databases are replaced by renaming another file over
        // them, never written in place, so the mapped file keeps its content and length for as long as it is mapped;
        // bytes that change all the same are bytes like any others to the checked decoding above this.
        #[expect(unsafe_code, reason = "mapping is what lets any number of processes share one copy")]
        let map = unsafe { Mmap::map(&file) }.map_err(failed)?;
        Self::new(Bytes::Mapped(map), name)
    }

    /// Takes bytes that are part of the program.
    pub(super) fn from_static(bytes: &'static [u8]) -> Result<Self, DatabaseError> {
        Self::new(Bytes::Static(bytes), "the embedded database".to_owned())
    }

    fn new(bytes: Bytes, name: String) -> Result<Self, DatabaseError> {
        let header = match Header::decode(bytes.get()) {
            Ok(header) => header,
            Err(HeaderError::Foreign) => return Err(DatabaseError::Foreign { database: name }),
            Err(HeaderError::Schema(schema)) if schema > SCHEMA => {
                return Err(DatabaseError::Newer { database: name, schema, known: SCHEMA });
            }
            Err(HeaderError::Schema(schema)) => return Err(DatabaseError::Older { database: name, schema }),
            Err(HeaderError::Corrupt(Corrupt(what))) => return Err(DatabaseError::Damaged { database: name, what }),
        };
        let table = bytes.get().get(header.checksums as usize..).unwrap_or_default();
        if crc32fast::hash(table) != header.checksums_crc {
            return Err(DatabaseError::Damaged { database: name, what: "the checksum of the checksum table is wrong" });
        }
        let checked = (0..table.len() / 4).map(|_| AtomicBool::new(false)).collect();
        Ok(Self { bytes, header, checked, name })
    }

    /// The header.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The error for bytes that do not make sense.
    pub(super) fn damaged(&self, Corrupt(what): Corrupt) -> DatabaseError {
        DatabaseError::Damaged { database: self.name.clone(), what }
    }

    /// Where a section lies.
    pub(super) fn section(&self, section: Section) -> Range<usize> {
        self.header.section(section)
    }

    /// Bytes of the sections, each block checked when it is first touched.
    pub(super) fn slice(&self, range: Range<usize>) -> Result<&[u8], Corrupt> {
        let sections = self.bytes.get().get(..self.header.checksums as usize).unwrap_or_default();
        let slice = sections.get(range.clone()).ok_or(Corrupt("a record lies outside its section"))?;
        if slice.is_empty() {
            return Ok(slice);
        }
        let first = range.start.checked_sub(BLOCK).ok_or(Corrupt("a record lies inside the header"))? / BLOCK;
        let last = (range.end - 1 - BLOCK) / BLOCK;
        for number in first..=last {
            let checked = self.checked.get(number).ok_or(Corrupt("a block has no checksum"))?;
            // Relaxed is enough: the bytes themselves never change, and a stale `false` only checks once more.
            if checked.load(Ordering::Relaxed) {
                continue;
            }
            self.check_block(sections, number)?;
            checked.store(true, Ordering::Relaxed);
        }
        Ok(slice)
    }

    /// A part of a range, by offsets from its start.
    pub(super) fn within(&self, whole: &Range<usize>, part: Range<usize>) -> Result<&[u8], Corrupt> {
        let outside = Corrupt("a record lies outside its section");
        let start = whole.start.checked_add(part.start).ok_or(outside)?;
        let end = whole.start.checked_add(part.end).ok_or(outside)?;
        if end > whole.end || start > end {
            return Err(outside);
        }
        self.slice(start..end)
    }

    /// Checks every byte: all blocks, and the SHA-256 that names the content.
    pub(super) fn verify(&self) -> Result<(), Corrupt> {
        let sections = self.bytes.get().get(..self.header.checksums as usize).unwrap_or_default();
        for number in 0..self.checked.len() {
            self.check_block(sections, number)?;
        }
        let content = self.bytes.get().get(BLOCK..).unwrap_or_default();
        if Sha256::digest(content).as_slice() != self.header.sha256 {
            return Err(Corrupt("its SHA-256 is not the one in its header"));
        }
        Ok(())
    }

    fn check_block(&self, sections: &[u8], number: usize) -> Result<(), Corrupt> {
        let start = BLOCK * (number + 1);
        let block = sections.get(start..sections.len().min(start + BLOCK)).ok_or(Corrupt("a block is missing"))?;
        let expected = number32(self.bytes.get(), self.header.checksums as usize + 4 * number);
        if expected != Some(crc32fast::hash(block)) {
            return Err(Corrupt("the checksum of a block is wrong"));
        }
        Ok(())
    }
}
