//! What extension headers say of the entry that follows them: PAX records and GNU long names.

use super::Fault;
use super::header::text;
use super::sparse::MAX_SEGMENTS;

/// Everything known of the next entry beside its own header.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    /// `path`, or GNU's long name.
    pub(crate) path: Option<Vec<u8>>,
    /// `linkpath`, or GNU's long link.
    pub(crate) link: Option<Vec<u8>>,
    /// `size`.
    pub(crate) size: Option<u64>,
    /// `GNU.sparse.*`.
    pub(crate) sparse: Option<PaxSparse>,
}

/// GNU's sparse files in PAX, versions 0.0, 0.1 and 1.0.
#[derive(Debug, Default)]
pub(crate) struct PaxSparse {
    /// The file's own name; the header's is a made-up one.
    pub(crate) name: Option<Vec<u8>>,
    /// Length of the expanded file.
    pub(crate) real_size: u64,
    /// Offsets and lengths by turns (versions 0.0 and 0.1).
    pub(crate) map: Vec<u64>,
    /// Version 1.0: the map stands before the content.
    pub(crate) map_in_content: bool,
}

impl Extensions {
    /// Takes over the content of an extension header with this type flag.
    pub(crate) fn apply(&mut self, flag: u8, content: &[u8]) -> Result<(), Fault> {
        match flag {
            b'L' => self.path = Some(text(content).to_vec()),
            b'K' => self.link = Some(text(content).to_vec()),
            _ => return self.apply_pax(content),
        }
        Ok(())
    }

    /// Records are `LENGTH KEY=VALUE\n`, the length counting the whole record.
    fn apply_pax(&mut self, mut content: &[u8]) -> Result<(), Fault> {
        const BROKEN: Fault = Fault("a PAX record is malformed");
        while !content.is_empty() {
            if content.iter().all(|&byte| byte == 0) {
                break;
            }
            let space = memchr::memchr(b' ', content.get(..20).unwrap_or(content)).ok_or(BROKEN)?;
            let (length, _) = content.split_at(space);
            let length = decimal(length).and_then(|length| usize::try_from(length).ok()).ok_or(BROKEN)?;
            let record = content.get(space + 1..length).and_then(|record| record.strip_suffix(b"\n")).ok_or(BROKEN)?;
            let equals = memchr::memchr(b'=', record).ok_or(BROKEN)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            self.record(key, value)?;
            content = content.get(length..).unwrap_or_default();
        }
        Ok(())
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        const NUMBER: Fault = Fault("a number in a PAX record is malformed");
        match key {
            b"path" | b"linkpath" if value.contains(&0) => return Err(Fault("a path in a PAX record holds a NUL")),
            // An empty value takes an earlier record back.
            b"path" => self.path = (!value.is_empty()).then(|| value.to_vec()),
            b"linkpath" => self.link = (!value.is_empty()).then(|| value.to_vec()),
            b"size" => self.size = Some(decimal(value).ok_or(NUMBER)?),
            _ => {
                let Some(key) = key.strip_prefix(b"GNU.sparse.") else { return Ok(()) };
                let sparse = self.sparse.get_or_insert_default();
                match key {
                    b"name" => sparse.name = Some(value.to_vec()),
                    b"size" | b"realsize" => sparse.real_size = decimal(value).ok_or(NUMBER)?,
                    b"major" => sparse.map_in_content = value == b"1",
                    b"offset" | b"numbytes" => sparse.map.push(decimal(value).ok_or(NUMBER)?),
                    b"map" => {
                        sparse.map.clear();
                        for part in value.split(|&byte| byte == b',').filter(|part| !part.is_empty()) {
                            sparse.map.push(decimal(part).ok_or(NUMBER)?);
                        }
                    }
                    _ => {}
                }
                if sparse.map.len() > 2 * MAX_SEGMENTS {
                    return Err(Fault("a sparse file has too many pieces"));
                }
            }
        }
        Ok(())
    }
}

/// Decimal digits and nothing else; a fraction, as time stamps have it, is none.
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, &byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pax(content: &[u8]) -> Result<Extensions, Fault> {
        let mut extensions = Extensions::default();
        extensions.apply(b'x', content).map(|()| extensions)
    }

    #[test]
    fn records() {
        let read = pax(b"11 path=a/b\n13 linkpath=c\n11 size=120\n27 SCHILY.xattr.user.a=1=2\n").unwrap_err();
        assert_eq!(read, Fault("a PAX record is malformed"), "a wrong length");
        let read = pax(b"12 path=a/b\n14 linkpath=c\n12 size=120\n27 SCHILY.xattr.user.a=1=2\n").unwrap();
        assert_eq!((read.path.unwrap(), read.link.unwrap(), read.size), (b"a/b".to_vec(), b"c".to_vec(), Some(120)));
    }

    #[test]
    fn broken_records_are_refused() {
        for bad in [
            &b"5 a\n"[..],
            b"99 path=a\n",
            b"0 path=a\n",
            b"3 \n",
            b"18446744073709551616 a=b\n",
            b"path=a\n",
            b"9 size=x\n",
            b"10 path=\0\0\n",
        ] {
            assert!(pax(bad).is_err(), "{bad:?}");
        }
    }
}
