//! Integers at an offset of a file, `None` beyond its end, and the pages that were read already.

/// The `N` bytes at `at`.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

pub(super) fn big16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

pub(super) fn big32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn little16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

pub(super) fn little32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A file of pages in which each page has one place: taking one twice is a sign of damage, and refusing it is what keeps
/// reading from running in circles and its cost in proportion to the file.
pub(super) struct Pages<'a> {
    file: &'a [u8],
    size: usize,
    taken: Vec<bool>,
}

impl<'a> Pages<'a> {
    /// `size` must not be zero.
    pub(super) fn new(file: &'a [u8], size: usize) -> Self {
        Self { file, size, taken: vec![false; file.len().div_ceil(size.max(1))] }
    }

    /// How many there are, the last maybe cut short.
    pub(super) fn count(&self) -> usize {
        self.taken.len()
    }

    /// Page `number`, from zero, without taking it; `None` where the file ends within it.
    pub(super) fn look(&self, number: usize) -> Option<&'a [u8]> {
        let start = number.checked_mul(self.size)?;
        self.file.get(start..start.checked_add(self.size)?)
    }

    /// Takes page `number`, from zero.
    pub(super) fn take(&mut self, number: usize) -> Result<&'a [u8], &'static str> {
        let page = self.look(number).ok_or("the file ends before a page that it names")?;
        match self.taken.get_mut(number) {
            Some(taken) if !*taken => *taken = true,
            _ => return Err("a page is named twice"),
        }
        Ok(page)
    }
}
