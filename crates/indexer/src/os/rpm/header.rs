//! An RPM header as databases keep it: big-endian counts of index entries and data bytes, the index, the data
//! (<https://rpm-software-management.github.io/rpm/manual/format_header.html>, without the magic that package files have).

use super::bytes::big32;

/// Numbers of the tags wanted here
/// (<https://rpm-software-management.github.io/rpm/manual/tags.html>).
pub(super) mod tag {
    pub(in super::super) const NAME: u32 = 1000;
    pub(in super::super) const VERSION: u32 = 1001;
    pub(in super::super) const RELEASE: u32 = 1002;
    pub(in super::super) const EPOCH: u32 = 1003;
    pub(in super::super) const VENDOR: u32 = 1011;
    pub(in super::super) const LICENSE: u32 = 1014;
    pub(in super::super) const ARCH: u32 = 1022;
    pub(in super::super) const SOURCERPM: u32 = 1044;
    pub(in super::super) const DIRINDEXES: u32 = 1116;
    pub(in super::super) const BASENAMES: u32 = 1117;
    pub(in super::super) const DIRNAMES: u32 = 1118;
    pub(in super::super) const MODULARITYLABEL: u32 = 5096;
}

/// Types of values.
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
/// One string per language, the untranslated one first.
const I18N_STRING: u32 = 9;

/// Bytes of an index entry: tag, type, offset into the data and count, 32 bits each.
const ENTRY: usize = 16;

/// A header, its parts within bounds; its entries are looked at when they are asked for.
pub(super) struct Header<'a> {
    index: &'a [u8],
    data: &'a [u8],
}

impl<'a> Header<'a> {
    pub(super) fn parse(blob: &'a [u8]) -> Result<Self, &'static str> {
        let read = || {
            let (entries, length) = (big32(blob, 0)? as usize, big32(blob, 4)? as usize);
            let (index, rest) = blob.get(8..)?.split_at_checked(entries.checked_mul(ENTRY)?)?;
            Some(Self { index, data: rest.get(..length)? })
        };
        read().ok_or("a header is shorter than it says")
    }

    /// Type, count and data of a tag. Where a tag stands twice, rpm added the later one to the package's own.
    fn entry(&self, tag: u32) -> Option<(u32, usize, &'a [u8])> {
        let entry = self.index.rchunks_exact(ENTRY).find(|entry| big32(entry, 0) == Some(tag))?;
        let data = self.data.get(big32(entry, 8)? as usize..)?;
        Some((big32(entry, 4)?, big32(entry, 12)? as usize, data))
    }

    /// The first string of a tag.
    pub(super) fn string(&self, tag: u32) -> Option<&'a [u8]> {
        self.strings(tag).next()
    }

    /// All strings of a tag; none where it holds something else.
    pub(super) fn strings(&self, tag: u32) -> impl Iterator<Item = &'a [u8]> {
        let (count, data) = match self.entry(tag) {
            Some((STRING, _, data)) => (1, data),
            Some((STRING_ARRAY | I18N_STRING, count, data)) => (count, data),
            _ => (0, &[][..]),
        };
        // Each string ends in a zero byte; what follows the last one belongs to other tags.
        data.split_inclusive(|&byte| byte == 0).map_while(|string| string.strip_suffix(&[0])).take(count)
    }

    /// The first number of a tag.
    pub(super) fn number(&self, tag: u32) -> Option<u32> {
        self.numbers(tag).next()
    }

    /// All numbers of a tag; none where it holds something else.
    pub(super) fn numbers(&self, tag: u32) -> impl Iterator<Item = u32> {
        let (count, data) = match self.entry(tag) {
            Some((INT32, count, data)) => (count, data),
            _ => (0, &[][..]),
        };
        data.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes)).take(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(entries: &[(u32, u32, u32, u32)], data: &[u8]) -> Vec<u8> {
        let mut blob = Vec::new();
        blob.extend((entries.len() as u32).to_be_bytes());
        blob.extend((data.len() as u32).to_be_bytes());
        for (tag, kind, offset, count) in entries {
            for number in [tag, kind, offset, count] {
                blob.extend(number.to_be_bytes());
            }
        }
        blob.extend(data);
        blob
    }

    #[test]
    fn values() {
        let data = b"bash\0\0\0\0\0\0\0\x01\0\0\0\x02one\0two\0late\0";
        let entries = [
            (tag::NAME, STRING, 0, 1),
            (tag::DIRINDEXES, INT32, 8, 2),
            (tag::BASENAMES, STRING_ARRAY, 16, 2),
            (tag::VENDOR, STRING, 99, 1),
            (tag::ARCH, INT32, 8, 1),
            (tag::NAME, STRING, 24, 1),
        ];
        let blob = header(&entries, data);
        let header = Header::parse(&blob).unwrap();
        assert_eq!(header.string(tag::NAME), Some(&b"late"[..]));
        assert_eq!(header.numbers(tag::DIRINDEXES).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(header.strings(tag::BASENAMES).collect::<Vec<_>>(), [&b"one"[..], b"two"]);
        assert_eq!((header.string(tag::VENDOR), header.string(tag::ARCH), header.string(tag::LICENSE)), (None, None, None));
        for length in 0..blob.len() {
            assert!(Header::parse(&blob[..length]).is_err());
        }
    }
}
