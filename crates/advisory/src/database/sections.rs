//! The sections of a file put together, and the file of its sections.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use model::advisory::CveFacts;

use super::format::{BLOCK, DETAIL_LIMIT, Encode, Header, SECTIONS};
use super::interner::Interner;
use super::record::encode_facts;
use super::table::TableBuilder;
use super::{DatabaseError, ExploitationFeeds};

/// Bytes after which a block of details is closed: small enough that reading one record stays cheap, large enough to
/// compress well.
const DETAIL_BLOCK: usize = 16 << 10;
/// Beyond this level a build takes much longer for a file that is hardly smaller.
const COMPRESSION: i32 = 12;

/// A length as the format's offsets hold it.
pub(super) fn offset(length: usize, what: &str) -> Result<u32, DatabaseError> {
    u32::try_from(length).map_err(|_| DatabaseError::TooLarge { what: what.to_owned() })
}

/// A table from texts to ascending numbers.
pub(super) fn number_table(numbers: &BTreeMap<String, BTreeSet<u32>>) -> Result<Vec<u8>, DatabaseError> {
    let mut table = TableBuilder::default();
    for (key, numbers) in numbers {
        let mut value = Vec::new();
        value.put_ascending(numbers.iter().copied());
        table.push(key.as_bytes(), &value);
    }
    table.finish().ok_or(DatabaseError::TooLarge { what: "ids".to_owned() })
}

/// The table of facts, the strings they share, and which kinds of facts there are.
pub(super) fn fact_table(all: &HashMap<String, CveFacts>) -> Result<(Vec<u8>, Vec<u8>, ExploitationFeeds), DatabaseError> {
    let mut has = ExploitationFeeds::default();
    let mut sorted: Vec<&CveFacts> = all.values().collect();
    sorted.sort_by(|left, right| left.id.cmp(&right.id));
    let mut table = TableBuilder::default();
    let mut strings: Interner<str> = Interner::default();
    for facts in sorted {
        has.kev |= facts.kev.is_some();
        has.epss |= facts.epss.is_some();
        has.exploit_code |= facts.exploit.is_some();
        let mut value = Vec::new();
        encode_facts(facts, |text| strings.intern(text), &mut value);
        table.push(facts.id.as_bytes(), &value);
    }
    let too_large = || DatabaseError::TooLarge { what: "facts".to_owned() };
    let mut shared = Vec::new();
    let texts: String = strings.values.iter().map(AsRef::as_ref).collect();
    let mut end = 0;
    shared.extend_from_slice(&(strings.values.len() as u32).to_le_bytes());
    shared.extend_from_slice(&0_u32.to_le_bytes());
    for text in &strings.values {
        end += text.len();
        shared.extend_from_slice(&offset(end, "facts")?.to_le_bytes());
    }
    shared.extend_from_slice(texts.as_bytes());
    Ok((table.finish().ok_or_else(too_large)?, shared, has))
}

/// Numbered records in compressed blocks.
#[derive(Default)]
pub(super) struct Details {
    count: u32,
    /// Number of the first record, and the records with their lengths.
    blocks: Vec<(u32, Vec<u8>)>,
}

impl Details {
    /// Adds the next record.
    pub(super) fn push(&mut self, record: &[u8]) -> Result<(), DatabaseError> {
        if record.len() > DETAIL_LIMIT - DETAIL_BLOCK - 16 {
            return Err(DatabaseError::TooLarge { what: "an advisory or statement".to_owned() });
        }
        if self.blocks.last().is_none_or(|(_, block)| block.len() >= DETAIL_BLOCK) {
            self.blocks.push((self.count, Vec::with_capacity(DETAIL_BLOCK + DETAIL_BLOCK / 4)));
        }
        if let Some((_, block)) = self.blocks.last_mut() {
            block.put_number(record.len() as u64);
            block.extend_from_slice(record);
        }
        self.count += 1;
        Ok(())
    }

    /// The index and the blocks.
    pub(super) fn finish(self) -> Result<(Vec<u8>, Vec<u8>), DatabaseError> {
        let compressed: Vec<(u32, usize, Vec<u8>)> = self
            .blocks
            .into_par_iter()
            .map(|(first, block)| zstd::bulk::compress(&block, COMPRESSION).map(|bytes| (first, block.len(), bytes)))
            .collect::<Result<_, _>>()
            .map_err(|source| DatabaseError::Compress { source })?;
        let (mut index, mut blocks) = (Vec::new(), Vec::new());
        for (first, length, bytes) in compressed {
            index.extend_from_slice(&first.to_le_bytes());
            index.extend_from_slice(&offset(blocks.len(), "details")?.to_le_bytes());
            index.extend_from_slice(&(length as u32).to_le_bytes());
            blocks.extend_from_slice(&bytes);
        }
        offset(blocks.len(), "details")?;
        Ok((index, blocks))
    }
}

/// Puts header, sections and checksums together; also the content's SHA-256.
pub(super) fn assemble(sections: &[Vec<u8>; SECTIONS]) -> (Vec<u8>, [u8; 32]) {
    let mut file = vec![0; BLOCK];
    let mut places = [(0, 0); SECTIONS];
    for (place, bytes) in places.iter_mut().zip(sections) {
        *place = (file.len() as u64, bytes.len() as u64);
        file.extend_from_slice(bytes);
    }
    let checksums = file.len();
    let table: Vec<u8> =
        file.get(BLOCK..).unwrap_or_default().chunks(BLOCK).flat_map(|block| crc32fast::hash(block).to_le_bytes()).collect();
    file.extend_from_slice(&table);
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(&Sha256::digest(file.get(BLOCK..).unwrap_or_default()));
    let header = Header {
        file_length: file.len() as u64,
        checksums: checksums as u64,
        checksums_crc: crc32fast::hash(&table),
        sha256,
        sections: places,
    };
    file.splice(..BLOCK, header.encode());
    (file, sha256)
}
