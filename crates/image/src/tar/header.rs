//! One header block.

use super::{BLOCK, Fault};

/// A header block whose checksum is right.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a>(&'a [u8; BLOCK]);

impl<'a> Header<'a> {
    /// Checks the block. `None` is a block of zeros, which ends an archive.
    pub(crate) fn parse(block: &'a [u8; BLOCK]) -> Result<Option<Self>, Fault> {
        if block[0] == 0 && block.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        // The checksum counts its own field as blanks. Some old programs summed signed bytes.
        let field: u32 = block[148..156].iter().map(|&byte| u32::from(byte)).sum();
        let unsigned = block.iter().map(|&byte| u32::from(byte)).sum::<u32>() - field + 8 * u32::from(b' ');
        let Some(stated) = number(&block[148..156]) else { return Err(Fault("a header's checksum is no number")) };
        if stated != u64::from(unsigned) {
            let sum = |bytes: &[u8]| bytes.iter().map(|&byte| i64::from(byte.cast_signed())).sum::<i64>();
            let signed = sum(block) - sum(&block[148..156]) + 8 * i64::from(b' ');
            if i64::try_from(stated) != Ok(signed) {
                return Err(Fault("a header's checksum is wrong"));
            }
        }
        Ok(Some(Self(block)))
    }

    /// The type flag.
    pub(crate) fn flag(self) -> u8 {
        self.0[156]
    }

    /// Length of what follows the header.
    pub(crate) fn size(self) -> Result<u64, Fault> {
        number(&self.0[124..136]).ok_or(Fault("a header's size is no number"))
    }

    /// Permission bits.
    pub(crate) fn mode(self) -> u32 {
        number(&self.0[100..108]).map_or(0, |mode| mode as u32 & 0o7777)
    }

    /// The target of a link.
    pub(crate) fn link(self) -> &'a [u8] {
        text(&self.0[157..257])
    }

    /// The name, put together in `scratch` where it is stored in two parts.
    pub(crate) fn name<'s>(self, scratch: &'s mut Vec<u8>) -> &'s [u8]
    where
        'a: 's,
    {
        let name = text(&self.0[..100]);
        // GNU's magic is followed by a blank; its prefix field holds times.
        let prefix = match (&self.0[257..263], &self.0[508..512]) {
            (b"ustar\0", b"tar\0") => text(&self.0[345..476]),
            (b"ustar\0", _) => text(&self.0[345..500]),
            _ => b"",
        };
        if prefix.is_empty() {
            return name;
        }
        scratch.clear();
        scratch.extend_from_slice(prefix);
        scratch.push(b'/');
        scratch.extend_from_slice(name);
        scratch
    }

    /// The first entries of GNU's old sparse map, and whether more blocks of it follow.
    pub(crate) fn sparse_map(self) -> (&'a [u8], bool) {
        (&self.0[386..482], self.0[482] != 0)
    }

    /// Length of the expanded file in GNU's old sparse format.
    pub(crate) fn sparse_size(self) -> Result<u64, Fault> {
        number(&self.0[483..495]).ok_or(Fault("a sparse file's size is no number"))
    }
}

/// Up to the first NUL.
pub(crate) fn text(field: &[u8]) -> &[u8] {
    memchr::memchr(0, field).map_or(field, |end| &field[..end])
}

/// Octal in blanks and NULs, or GNU's base-256 for what octal cannot hold. An empty field is zero, a negative one `None`.
pub(crate) fn number(field: &[u8]) -> Option<u64> {
    if let Some((&first @ 0x80.., rest)) = field.split_first() {
        return rest
            .iter()
            .try_fold(u64::from(first & 0x7f), |value, &byte| (value < 1 << 55).then(|| value << 8 | u64::from(byte)));
    }
    let blank = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let digits = &field[start..];
    let digits = &digits[..digits.iter().position(blank).unwrap_or(digits.len())];
    digits.iter().try_fold(0_u64, |value, &byte| match byte {
        b'0'..=b'7' if value < 1 << 60 => Some(value << 3 | u64::from(byte - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (field, expected) in [
            (&b"00000001750\0"[..], Some(1000)),
            (b"   1750 \0\0\0\0", Some(1000)),
            (b"\0\0\0\0\0\0\0\0", Some(0)),
            (b"77777777777\0", Some(0o77_777_777_777)),
            (b"\x80\0\0\0\0\0\0\x02\x54\x0b\xe4\0", Some(10_000_000_000)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None),
            (b"0000000x\0\0\0\0", None),
            (b"8\0", None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }

    #[test]
    fn a_flipped_bit_is_seen() {
        let mut block = [0; BLOCK];
        block[..4].copy_from_slice(b"name");
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum::<u32>() + 8 * 32;
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert!(matches!(Header::parse(&block), Ok(Some(_))));
        block[2] ^= 1;
        assert!(Header::parse(&block).is_err());
        assert!(matches!(Header::parse(&[0; BLOCK]), Ok(None)));
    }
}
