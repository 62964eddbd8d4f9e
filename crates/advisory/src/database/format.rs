//! The file format: a header, sections, and one checksum for each block of them. Numbers are little-endian; inside
//! records they are LEB128 varints.
//!
//! ```text
//! 0        header: magic, schema, lengths, SHA-256 of all that follows, section table, CRC-32 of itself   (4096 bytes)
//! 4096     sections, one after the other
//! …        CRC-32 of every 4096 bytes of sections; the header holds the CRC-32 of this table
//! ```
//!
//! A reader checks the header and the checksum table when it opens the file and each block when it is first touched, so
//! that opening costs microseconds and a flipped bit anywhere is found before it can change an answer.

use std::ops::Range;

use jiff::Timestamp;

use model::severity::Severity;

/// The schema this program writes. It reads this one and, once there is one, the one before it.
pub(super) const SCHEMA: u32 = 1;
/// The oldest schema this program reads.
pub(super) const OLDEST_SCHEMA: u32 = 1;
/// Bytes of the header, and of a block under one checksum; a page, so that checking touches what is read anyway.
pub(super) const BLOCK: usize = 4096;
/// First bytes of every database. The control characters catch transfers that mangle line ends.
pub(super) const MAGIC: [u8; 16] = *b"PLIMSOLL\r\n\x1a\nADB\0";
/// How many bytes one package's record may come to when decoded; the largest real ones stay below one percent of it.
pub(super) const PACKAGE_LIMIT: usize = 64 << 20;
/// How many bytes one decompressed block of details may have.
pub(super) const DETAIL_LIMIT: usize = 16 << 20;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Kind, date, feeds and what they cover.
    Meta,
    /// Table from `name NUL namespace` to what is said of the package.
    Packages,
    /// Table from an id in upper case to the numbers of the advisories that carry it.
    Ids,
    /// Table from a CVE to its facts.
    Facts,
    /// Strings that facts share: offsets, then bytes.
    Strings,
    /// Where each advisory's head starts.
    HeadIndex,
    /// The few bytes of each advisory that every look-up needs.
    Heads,
    /// First advisory, start and length of each block of details.
    DetailIndex,
    /// Compressed blocks of everything else an advisory says.
    Details,
    /// Table from an id in upper case to VEX statements.
    Vex,
}

/// How many sections a file has.
pub(super) const SECTIONS: usize = 10;

/// Bytes that do not say what the format demands; the text names the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Corrupt(pub(super) &'static str);

/// Why a header cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderError {
    /// Not a database at all.
    Foreign,
    /// A schema that this program does not read.
    Schema(u32),
    /// Damaged.
    Corrupt(Corrupt),
}

/// The first block of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Length of the whole file.
    pub(super) file_length: u64,
    /// Where the checksum table starts, which is where the sections end.
    pub(super) checksums: u64,
    /// CRC-32 of the checksum table.
    pub(super) checksums_crc: u32,
    /// SHA-256 of everything after the header.
    pub(super) sha256: [u8; 32],
    /// Offset and length of each section.
    pub(super) sections: [(u64, u64); SECTIONS],
}

const SECTION_TABLE: usize = 80;

impl Header {
    /// The header's bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(BLOCK);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&SCHEMA.to_le_bytes());
        bytes.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
        bytes.extend_from_slice(&self.file_length.to_le_bytes());
        bytes.extend_from_slice(&self.checksums.to_le_bytes());
        bytes.extend_from_slice(&self.checksums_crc.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&self.sha256);
        debug_assert_eq!(bytes.len(), SECTION_TABLE);
        for (offset, length) in self.sections {
            bytes.extend_from_slice(&offset.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        bytes.resize(BLOCK - 4, 0);
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads and checks the header of a file.
    pub(super) fn decode(file: &[u8]) -> Result<Self, HeaderError> {
        let corrupt = |what| HeaderError::Corrupt(Corrupt(what));
        if file.get(..MAGIC.len()) != Some(&MAGIC) {
            return Err(HeaderError::Foreign);
        }
        // The schema comes before the checksum: what follows it may look different in another schema.
        let schema = number32(file, 16).ok_or(corrupt("the header is cut"))?;
        if !(OLDEST_SCHEMA..=SCHEMA).contains(&schema) {
            return Err(HeaderError::Schema(schema));
        }
        let header = file.get(..BLOCK).ok_or(corrupt("the header is cut"))?;
        if number32(header, BLOCK - 4) != Some(crc32fast::hash(header.get(..BLOCK - 4).unwrap_or_default())) {
            return Err(corrupt("the checksum of the header is wrong"));
        }
        let word = |at| number64(header, at).ok_or(corrupt("the header is cut"));
        let checksums_crc = number32(header, 40).ok_or(corrupt("the header is cut"))?;
        if number32(header, 20) != Some(SECTIONS as u32) {
            return Err(corrupt("the number of sections is wrong"));
        }
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(header.get(48..SECTION_TABLE).ok_or(corrupt("the header is cut"))?);
        let mut result =
            Self { file_length: word(24)?, checksums: word(32)?, checksums_crc, sha256, sections: [(0, 0); SECTIONS] };
        if result.file_length != file.len() as u64 {
            return Err(corrupt("the file's length is not what its header says"));
        }
        let blocks = result.checksums.checked_sub(BLOCK as u64).ok_or(corrupt("the checksum table is misplaced"))?;
        let table = blocks.div_ceil(BLOCK as u64).checked_mul(4);
        if table.and_then(|table| table.checked_add(result.checksums)) != Some(result.file_length) {
            return Err(corrupt("the checksum table is misplaced"));
        }
        for (index, section) in result.sections.iter_mut().enumerate() {
            let (offset, length) = (word(SECTION_TABLE + 16 * index)?, word(SECTION_TABLE + 16 * index + 8)?);
            if offset < BLOCK as u64 || offset.checked_add(length).is_none_or(|end| end > result.checksums) {
                return Err(corrupt("a section lies outside the file"));
            }
            *section = (offset, length);
        }
        Ok(result)
    }

    /// Where a section lies in the file; [`Header::decode`] has checked that it does.
    pub(super) fn section(&self, section: Section) -> Range<usize> {
        let (offset, length) = self.sections.get(section as usize).copied().unwrap_or_default();
        offset as usize..(offset + length) as usize
    }
}

/// The little-endian `u32` at an offset.
pub(super) fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn number64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Puts records together. Lives on a plain byte vector, so that records nest without copies.
pub(super) trait Encode {
    /// A whole number.
    fn put_number(&mut self, number: u64);
    /// A text with its length.
    fn put_text(&mut self, text: &str);
    /// A list of texts.
    fn put_texts<T: AsRef<str>>(&mut self, texts: &[T]);
    /// A number that may be fractional: exact, and short where it has five decimals at most, as scores have.
    fn put_score(&mut self, score: f64);
    /// A time or none, short where it is a whole day or second.
    fn put_time(&mut self, time: Option<Timestamp>);
    /// Numbers in ascending order as differences.
    fn put_ascending(&mut self, numbers: impl ExactSizeIterator<Item = u32>);
}

impl Encode for Vec<u8> {
    fn put_number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.push(number as u8);
    }

    fn put_text(&mut self, text: &str) {
        self.put_number(text.len() as u64);
        self.extend_from_slice(text.as_bytes());
    }

    fn put_texts<T: AsRef<str>>(&mut self, texts: &[T]) {
        self.put_number(texts.len() as u64);
        for text in texts {
            self.put_text(text.as_ref());
        }
    }

    fn put_score(&mut self, score: f64) {
        let scaled = (score * 1e5).round();
        if (0.0..1e15).contains(&scaled) && (scaled / 1e5).to_bits() == score.to_bits() {
            self.put_number((scaled as u64) << 1);
        } else {
            self.put_number(1);
            self.extend_from_slice(&score.to_bits().to_le_bytes());
        }
    }

    fn put_time(&mut self, time: Option<Timestamp>) {
        let Some(time) = time else { return self.put_number(0) };
        let (seconds, nanoseconds) = (time.as_second(), time.subsec_nanosecond());
        if nanoseconds != 0 {
            self.put_number(zigzag(seconds) << 2 | 3);
            self.put_number(zigzag(i64::from(nanoseconds)));
        } else if seconds % 86_400 == 0 {
            self.put_number(zigzag(seconds / 86_400) << 2 | 1);
        } else {
            self.put_number(zigzag(seconds) << 2 | 2);
        }
    }

    fn put_ascending(&mut self, numbers: impl ExactSizeIterator<Item = u32>) {
        self.put_number(numbers.len() as u64);
        let mut last = 0;
        for number in numbers {
            self.put_number(u64::from(number.wrapping_sub(last)));
            last = number;
        }
    }
}

fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Takes records apart; every step is checked against the bytes that are there.
#[derive(Clone, Copy)]
pub(super) struct Decoder<'a> {
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Corrupt> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Corrupt("a record is cut"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Corrupt> {
        let (first, rest) = self.rest.split_first().ok_or(Corrupt("a record is cut"))?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn number(&mut self) -> Result<u64, Corrupt> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Corrupt("a number is too long"))
    }

    pub(super) fn number32(&mut self) -> Result<u32, Corrupt> {
        u32::try_from(self.number()?).map_err(|_| Corrupt("a number is too large"))
    }

    /// The count of things that follow, each at least one byte long: so it can never exceed what is left.
    pub(super) fn count(&mut self) -> Result<usize, Corrupt> {
        let count = self.number()?;
        if count > self.rest.len() as u64 {
            return Err(Corrupt("a count is larger than its record"));
        }
        Ok(count as usize)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Corrupt> {
        let length = self.count()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Corrupt("a text is not UTF-8"))
    }

    pub(super) fn texts(&mut self) -> Result<Vec<String>, Corrupt> {
        let count = self.count()?;
        (0..count).map(|_| self.text().map(str::to_owned)).collect()
    }

    pub(super) fn score(&mut self) -> Result<f64, Corrupt> {
        let number = self.number()?;
        if number & 1 == 0 {
            return Ok((number >> 1) as f64 / 1e5);
        }
        let bits = self.bytes(8)?.try_into().map_err(|_| Corrupt("a record is cut"))?;
        Ok(f64::from_bits(u64::from_le_bytes(bits)))
    }

    pub(super) fn time(&mut self) -> Result<Option<Timestamp>, Corrupt> {
        let number = self.number()?;
        let value = unzigzag(number >> 2);
        let (seconds, nanoseconds) = match number & 3 {
            0 if number == 0 => return Ok(None),
            1 => (value.checked_mul(86_400).ok_or(Corrupt("a time is out of range"))?, 0),
            2 => (value, 0),
            3 => (value, i32::try_from(unzigzag(self.number()?)).map_err(|_| Corrupt("a time is out of range"))?),
            _ => return Err(Corrupt("a time is out of range")),
        };
        Timestamp::new(seconds, nanoseconds).map(Some).map_err(|_| Corrupt("a time is out of range"))
    }

    /// Numbers written by [`Encode::put_ascending`].
    pub(super) fn ascending(&mut self) -> Result<Vec<u32>, Corrupt> {
        let count = self.count()?;
        let mut last = 0_u32;
        let mut numbers = Vec::with_capacity(count);
        for _ in 0..count {
            last = last.checked_add(self.number32()?).ok_or(Corrupt("a number is too large"))?;
            numbers.push(last);
        }
        Ok(numbers)
    }
}

/// The byte of a level, none included.
pub(super) fn severity_code(level: Option<Severity>) -> u8 {
    match level {
        None => 0,
        Some(Severity::Unknown) => 1,
        Some(Severity::Negligible) => 2,
        Some(Severity::Low) => 3,
        Some(Severity::Medium) => 4,
        Some(Severity::High) => 5,
        Some(Severity::Critical) => 6,
    }
}

/// The inverse of [`severity_code`].
pub(super) fn severity(code: u8) -> Result<Option<Severity>, Corrupt> {
    Ok(Some(match code {
        0 => return Ok(None),
        1 => Severity::Unknown,
        2 => Severity::Negligible,
        3 => Severity::Low,
        4 => Severity::Medium,
        5 => Severity::High,
        6 => Severity::Critical,
        _ => return Err(Corrupt("a severity is unknown")),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_and_scores_come_back(number: u64, bits: u64, tenths in 0_u32..=100) {
            let mut bytes = Vec::new();
            bytes.put_number(number);
            bytes.put_score(f64::from_bits(bits));
            bytes.put_score(f64::from(tenths) / 10.0);
            let mut decoder = Decoder::new(&bytes);
            prop_assert_eq!(decoder.number(), Ok(number));
            prop_assert_eq!(decoder.score().map(f64::to_bits), Ok(bits));
            prop_assert_eq!(decoder.score(), Ok(f64::from(tenths) / 10.0));
            prop_assert!(decoder.rest.is_empty());
        }

        #[test]
        fn times_come_back(seconds in -377_705_023_201_i64..=253_402_207_200, nanoseconds in -999_999_999_i32..=999_999_999, whole in 0..3) {
            let time = match whole {
                0 => Timestamp::new(seconds / 86_400 * 86_400, 0),
                1 => Timestamp::new(seconds, 0),
                _ => Timestamp::new(seconds, nanoseconds),
            };
            let time = time.ok();
            let mut bytes = Vec::new();
            bytes.put_time(time);
            prop_assert_eq!(Decoder::new(&bytes).time(), Ok(time));
        }

        #[test]
        fn any_bytes_are_taken_apart_without_panic(bytes: Vec<u8>) {
            let _ = Header::decode(&bytes);
            let _ = Decoder::new(&bytes).number();
            let _ = Decoder::new(&bytes).texts();
            let _ = Decoder::new(&bytes).time();
            let _ = Decoder::new(&bytes).score();
            let _ = Decoder::new(&bytes).ascending();
        }
    }

    #[test]
    fn a_decimal_score_is_short() {
        let mut bytes = Vec::new();
        bytes.put_score(0.00043);
        assert_eq!(bytes.len(), 1);
    }
}
