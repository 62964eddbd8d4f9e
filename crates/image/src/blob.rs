//! Where the bytes of a layer come from: a part of a file, memory, or whatever a source brings.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::Error;

/// Bytes that can be read from the start any number of times, by several threads at once.
pub trait Blob: Send + Sync {
    /// A fresh reader at the first byte. Errors met while reading are [`io::Error`]s, which may wrap an [`Error`].
    fn open(&self) -> Result<Box<dyn Read + Send>, Error>;
    /// Length in bytes, as far as known; what is claimed by a manifest counts.
    fn size(&self) -> u64;
}

/// A stretch of a file, read by position: the file is opened once and shared, and nothing is mapped into memory, where
/// it would count as the program's own.
#[derive(Clone, Debug)]
pub struct FileRegion {
    file: Arc<File>,
    offset: u64,
    size: u64,
}

impl FileRegion {
    /// `size` bytes from `offset`. The file may be shorter; reading then ends early and the digest tells.
    pub fn new(file: Arc<File>, offset: u64, size: u64) -> Self {
        Self { file, offset, size }
    }
}

impl Blob for FileRegion {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        Ok(Box::new(RegionReader { file: Arc::clone(&self.file), position: self.offset, left: self.size }))
    }

    fn size(&self) -> u64 {
        self.size
    }
}

struct RegionReader {
    file: Arc<File>,
    position: u64,
    left: u64,
}

impl Read for RegionReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let Some(buffer) = buffer.get_mut(..wanted) else { return Ok(0) };
        let read = self.file.read_at(buffer, self.position)?;
        self.position = self.position.saturating_add(read as u64);
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// Bytes in memory: small layers, and tests.
#[derive(Clone, Debug)]
pub struct MemoryBlob(Arc<[u8]>);

impl MemoryBlob {
    /// Keeps the bytes.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(bytes.into())
    }
}

impl Blob for MemoryBlob {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        Ok(Box::new(io::Cursor::new(Arc::clone(&self.0))))
    }

    fn size(&self) -> u64 {
        self.0.len() as u64
    }
}
