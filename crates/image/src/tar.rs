//! Tar as container layers use it: ustar, GNU and PAX, sparse files, with nothing trusted and nothing kept in memory
//! beyond one entry's names.
//!
//! Format: POSIX.1-2017 `pax` (<https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html>), GNU tar's manual
//! (<https://www.gnu.org/software/tar/manual/html_node/Standard.html>, "Sparse Formats"). Where the two leave a choice, we
//! read what Go's `archive/tar` reads, because the container engines unpack with it.

pub(crate) mod extension;
pub(crate) mod header;
pub(crate) mod index;
pub(crate) mod reader;
pub(crate) mod sparse;

pub(crate) use index::Index;
pub(crate) use reader::Reader;

/// Tar is made of blocks of this many bytes.
pub(crate) const BLOCK: usize = 512;

/// Longest extension (PAX records, GNU long name) that is read, as in Go's `archive/tar`.
pub(crate) const MAX_EXTENSION: u64 = 1 << 20;

/// What is wrong with a tar, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) &'static str);

/// Bytes that follow `size` bytes of content up to the next block.
pub(crate) fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}
