//! A 64-bit hash of a path. Folding layers needs to know of every name in every layer whether it is there; millions of
//! names as text would break the memory bound, eight bytes each do not. FNV-1a, since it yields the hashes of all
//! ancestors in the one pass over the path; an image that makes two names collide only hides what it could delete as well.

/// Hash of a normalised path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathHash(pub u64);

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// Hash of bytes.
pub(crate) fn of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(OFFSET, |state, &byte| step(state, byte))
}

/// Hash of bytes with ASCII letters in lower case.
pub(crate) fn of_lower(bytes: &[u8]) -> u64 {
    bytes.iter().fold(OFFSET, |state, &byte| step(state, byte.to_ascii_lowercase()))
}

impl PathHash {
    /// Hash of a normalised path.
    pub fn of(path: &[u8]) -> Self {
        Self(of(path))
    }

    /// Hashes of the path itself, then of every folder above it from the root down.
    pub fn with_ancestors(path: &[u8]) -> Vec<u64> {
        let mut hashes = vec![0];
        let mut state = OFFSET;
        for &byte in path {
            if byte == b'/' {
                hashes.push(state);
            }
            state = step(state, byte);
        }
        hashes[0] = state;
        hashes
    }

    /// Hash of where the file really lies on a system whose `/bin`, `/sbin` and `/lib*` are links into `/usr`, and of
    /// the same place on one where they are not: package databases and archives disagree about which to write.
    pub fn of_merged(path: &[u8]) -> Self {
        const MERGED: [&[u8]; 6] = [b"bin/", b"sbin/", b"lib/", b"lib64/", b"lib32/", b"libx32/"];
        if MERGED.iter().any(|folder| path.starts_with(folder)) {
            return Self(path.iter().fold(of(b"usr/"), |state, &byte| step(state, byte)));
        }
        Self::of(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_are_hashes_of_the_folders() {
        assert_eq!(PathHash::with_ancestors(b"a/b/c"), [of(b"a/b/c"), of(b"a"), of(b"a/b")]);
        assert_eq!(PathHash::of_merged(b"bin/sh"), PathHash::of(b"usr/bin/sh"));
        assert_eq!(PathHash::of_merged(b"bin"), PathHash::of(b"bin"));
    }
}
