//! Sparse files: a map of the stretches that are stored, zeros in between.

use super::header::number;
use super::{BLOCK, Fault};
use crate::{More, Visitor};

/// Most stretches of one file; each costs 16 bytes.
pub(crate) const MAX_SEGMENTS: usize = 1 << 18;

/// What holes are made of.
static ZEROS: [u8; 1 << 16] = [0; 1 << 16];

/// The map of one file and how far it has been expanded.
#[derive(Debug, Default)]
pub(crate) struct Sparse {
    /// Offset and length of what is stored.
    segments: Vec<(u64, u64)>,
    /// The segment that is being stored.
    current: usize,
    /// How much of the expanded file has been handed out.
    position: u64,
    /// Length of the expanded file.
    real_size: u64,
}

impl Sparse {
    /// Begins a file.
    pub(crate) fn new(real_size: u64) -> Self {
        Self { real_size, ..Self::default() }
    }

    /// Adds entries of GNU's old map: pairs of 12-byte numbers, an empty one ending it.
    pub(crate) fn add_gnu(&mut self, map: &[u8]) -> Result<(), Fault> {
        for pair in map.chunks_exact(24) {
            let (offset, length) = pair.split_at(12);
            if offset[0] == 0 && length[0] == 0 {
                break;
            }
            match (number(offset), number(length)) {
                (Some(offset), Some(length)) => self.add(offset, length)?,
                _ => return Err(Fault("a sparse file's map is malformed")),
            }
        }
        Ok(())
    }

    /// Adds one stretch; stretches come in order and do not overlap.
    pub(crate) fn add(&mut self, offset: u64, length: u64) -> Result<(), Fault> {
        let begin = self.segments.last().map_or(0, |&(offset, length)| offset + length);
        match offset.checked_add(length) {
            Some(end) if offset >= begin && end <= self.real_size => {}
            _ => return Err(Fault("a sparse file's map is out of order")),
        }
        if self.segments.len() >= MAX_SEGMENTS {
            return Err(Fault("a sparse file has too many pieces"));
        }
        self.segments.push((offset, length));
        Ok(())
    }

    /// Checks that the map accounts for what is stored.
    pub(crate) fn check(&self, stored: u64) -> Result<(), Fault> {
        let mapped: u64 = self.segments.iter().map(|&(_, length)| length).sum();
        if mapped == stored { Ok(()) } else { Err(Fault("a sparse file's map does not fit its size")) }
    }

    /// Hands out stored bytes, and the holes before them.
    pub(crate) fn feed(&mut self, mut stored: &[u8], budget: &mut u64, visitor: &mut dyn Visitor) -> Expanded {
        while let Some(&(offset, length)) = self.segments.get(self.current) {
            let end = offset + length;
            if self.position >= end {
                self.current += 1;
                continue;
            }
            if stored.is_empty() {
                break;
            }
            match self.hole(offset, budget, visitor) {
                Expanded::GoOn => {}
                stop => return stop,
            }
            let take = stored.len().min(usize::try_from(end - self.position).unwrap_or(usize::MAX));
            let (piece, rest) = stored.split_at(take);
            self.position += take as u64;
            stored = rest;
            if visitor.content(piece) == More::No {
                return Expanded::Enough;
            }
        }
        Expanded::GoOn
    }

    /// Hands out the hole at the end.
    pub(crate) fn finish(&mut self, budget: &mut u64, visitor: &mut dyn Visitor) -> Expanded {
        self.hole(self.real_size, budget, visitor)
    }

    /// Zeros up to `end`. A few bytes can claim exabytes, so there is a budget for a whole layer.
    fn hole(&mut self, end: u64, budget: &mut u64, visitor: &mut dyn Visitor) -> Expanded {
        while self.position < end {
            let wanted = (end - self.position).min(ZEROS.len() as u64);
            if wanted > *budget {
                return Expanded::TooMuch;
            }
            *budget -= wanted;
            self.position += wanted;
            if visitor.content(&ZEROS[..wanted as usize]) == More::No {
                return Expanded::Enough;
            }
        }
        Expanded::GoOn
    }
}

/// How handing out went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expanded {
    /// As it should.
    GoOn,
    /// The visitor wants no more of the file.
    Enough,
    /// The budget for holes is spent.
    TooMuch,
}

/// Reads the map of PAX sparse 1.0: decimal numbers, each on a line, the count of stretches first, filled up to a block.
#[derive(Debug, Default)]
pub(crate) struct MapText {
    count: Option<u64>,
    offset: Option<u64>,
    digits: Option<u64>,
    seen: u64,
}

impl MapText {
    /// Takes one block; whether the map is complete with it.
    pub(crate) fn block(&mut self, block: &[u8; BLOCK], sparse: &mut Sparse) -> Result<bool, Fault> {
        const BROKEN: Fault = Fault("a sparse file's map is malformed");
        for &byte in block {
            match byte {
                b'0'..=b'9' => {
                    let digits = self.digits.unwrap_or(0).checked_mul(10).ok_or(BROKEN)?;
                    self.digits = Some(digits.checked_add(u64::from(byte - b'0')).ok_or(BROKEN)?);
                }
                b'\n' => {
                    let number = self.digits.take().ok_or(BROKEN)?;
                    if self.count.is_none() {
                        self.count = Some(number);
                    } else if let Some(offset) = self.offset.take() {
                        sparse.add(offset, number)?;
                        self.seen += 1;
                    } else {
                        self.offset = Some(number);
                    }
                    if self.count == Some(self.seen) {
                        return Ok(true);
                    }
                }
                _ => return Err(BROKEN),
            }
        }
        Ok(false)
    }
}
