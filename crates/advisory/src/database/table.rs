//! A sorted table from byte keys to byte values inside one section: keys in groups of sixteen that share prefixes, a
//! directory of the groups to search in, and the values behind them in the same order.
//!
//! ```text
//! u32 number of keys · u32 bytes of keys · directory of (u32 key offset, u32 value offset), one more than groups · keys · values
//! key: shared prefix with the one before (0 for the first of a group), length and bytes of the rest, length of the value
//! ```

use std::cmp::Ordering;
use std::ops::Range;

use super::format::{Corrupt, Decoder, Encode, number32};
use super::storage::Storage;

const GROUP: usize = 16;

/// Puts a table together from keys in ascending order.
#[derive(Default)]
pub(super) struct TableBuilder {
    count: u32,
    directory: Vec<u8>,
    keys: Vec<u8>,
    values: Vec<u8>,
    last: Vec<u8>,
}

impl TableBuilder {
    /// Adds a key, greater than all before it, with its value.
    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) {
        debug_assert!(self.count == 0 || self.last.as_slice() < key, "keys come in ascending order");
        let shared = if (self.count as usize).is_multiple_of(GROUP) {
            self.mark();
            0
        } else {
            self.last.iter().zip(key).take_while(|(left, right)| left == right).count()
        };
        let rest = key.get(shared..).unwrap_or_default();
        self.keys.put_number(shared as u64);
        self.keys.put_number(rest.len() as u64);
        self.keys.extend_from_slice(rest);
        self.keys.put_number(value.len() as u64);
        self.values.extend_from_slice(value);
        self.last.clear();
        self.last.extend_from_slice(key);
        self.count += 1;
    }

    fn mark(&mut self) {
        self.directory.extend_from_slice(&(self.keys.len() as u32).to_le_bytes());
        self.directory.extend_from_slice(&(self.values.len() as u32).to_le_bytes());
    }

    /// The section's bytes; `None` where they would not fit the format's 32-bit offsets.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        u32::try_from(self.keys.len().max(self.values.len())).ok()?;
        self.mark();
        let mut bytes = Vec::with_capacity(8 + self.directory.len() + self.keys.len() + self.values.len());
        bytes.extend_from_slice(&self.count.to_le_bytes());
        bytes.extend_from_slice(&(self.keys.len() as u32).to_le_bytes());
        bytes.append(&mut self.directory);
        bytes.append(&mut self.keys);
        bytes.append(&mut self.values);
        Some(bytes)
    }
}

/// A table in a file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    count: u32,
    directory: Range<usize>,
    keys: Range<usize>,
    values: Range<usize>,
}

impl Table {
    /// Finds a table's parts; its keys are looked at when they are asked for.
    pub(super) fn open(storage: &Storage, section: Range<usize>) -> Result<Self, Corrupt> {
        let cut = Corrupt("a table is cut");
        let start = storage.within(&section, 0..8)?;
        let (count, keys) = (number32(start, 0).ok_or(cut)?, number32(start, 4).ok_or(cut)?);
        let groups = (count as usize).div_ceil(GROUP);
        let directory_start = section.start + 8;
        let keys_start = directory_start + (groups + 1) * 8;
        let values_start = keys_start + keys as usize;
        if values_start > section.end {
            return Err(cut);
        }
        Ok(Self {
            count,
            directory: directory_start..keys_start,
            keys: keys_start..values_start,
            values: values_start..section.end,
        })
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    fn groups(&self) -> usize {
        self.len().div_ceil(GROUP)
    }

    fn marks(&self, storage: &Storage, group: usize) -> Result<(usize, usize), Corrupt> {
        let entry = storage.within(&self.directory, group * 8..group * 8 + 8)?;
        let cut = Corrupt("a table is cut");
        Ok((number32(entry, 0).ok_or(cut)? as usize, number32(entry, 4).ok_or(cut)? as usize))
    }

    fn group<'a>(&'a self, storage: &'a Storage, group: usize) -> Result<Group<'a>, Corrupt> {
        let (key_start, value_start) = self.marks(storage, group)?;
        let (key_end, _) = self.marks(storage, group + 1)?;
        let keys = storage.within(&self.keys, key_start..key_end)?;
        let left = self.len().saturating_sub(group * GROUP).min(GROUP);
        Ok(Group { table: self, storage, decoder: Decoder::new(keys), left, key: Vec::new(), value_start })
    }

    fn first_key<'a>(&self, storage: &'a Storage, group: usize) -> Result<&'a [u8], Corrupt> {
        let (key_start, _) = self.marks(storage, group)?;
        let (key_end, _) = self.marks(storage, group + 1)?;
        let mut decoder = Decoder::new(storage.within(&self.keys, key_start..key_end)?);
        if decoder.number()? != 0 {
            return Err(Corrupt("a group of keys has no start"));
        }
        let length = decoder.count()?;
        decoder.bytes(length)
    }

    /// The last group whose first key is not greater than a key; the first group where there is none.
    fn group_of(&self, storage: &Storage, key: &[u8]) -> Result<usize, Corrupt> {
        let (mut low, mut high) = (0, self.groups());
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.first_key(storage, middle)? <= key { low = middle } else { high = middle }
        }
        Ok(low)
    }

    /// The value of a key.
    pub(super) fn get<'a>(&'a self, storage: &'a Storage, key: &[u8]) -> Result<Option<&'a [u8]>, Corrupt> {
        if self.count == 0 {
            return Ok(None);
        }
        let mut group = self.group(storage, self.group_of(storage, key)?)?;
        while let Some(value) = group.next()? {
            match group.key.as_slice().cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return group.value(value).map(Some),
                Ordering::Greater => break,
            }
        }
        Ok(None)
    }

    /// The key and value at a place in the order.
    pub(super) fn at<'a>(&'a self, storage: &'a Storage, number: usize) -> Result<(Vec<u8>, &'a [u8]), Corrupt> {
        let missing = Corrupt("a record speaks of a key that is not there");
        if number >= self.len() {
            return Err(missing);
        }
        let mut group = self.group(storage, number / GROUP)?;
        let mut found = None;
        for _ in 0..=number % GROUP {
            found = Some(group.next()?.ok_or(missing)?);
        }
        let value = group.value(found.ok_or(missing)?)?;
        Ok((group.key, value))
    }

    /// Visits every key that starts with a prefix, in order.
    pub(super) fn with_prefix<'a>(
        &'a self,
        storage: &'a Storage,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], &'a [u8]) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        if self.count == 0 {
            return Ok(());
        }
        for number in self.group_of(storage, prefix)?..self.groups() {
            let mut group = self.group(storage, number)?;
            while let Some(value) = group.next()? {
                if group.key.starts_with(prefix) {
                    visit(&group.key, group.value(value)?)?;
                } else if group.key.as_slice() > prefix {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// One group of keys on its way through.
struct Group<'a> {
    table: &'a Table,
    storage: &'a Storage,
    decoder: Decoder<'a>,
    left: usize,
    key: Vec<u8>,
    value_start: usize,
}

impl<'a> Group<'a> {
    /// Steps to the next key and says where its value lies.
    fn next(&mut self) -> Result<Option<Range<usize>>, Corrupt> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let shared = self.decoder.number()?;
        if shared > self.key.len() as u64 {
            return Err(Corrupt("a key shares more than there is"));
        }
        let length = self.decoder.count()?;
        let rest = self.decoder.bytes(length)?;
        self.key.truncate(shared as usize);
        self.key.extend_from_slice(rest);
        let start = self.value_start;
        self.value_start = start.saturating_add(usize::try_from(self.decoder.number()?).unwrap_or(usize::MAX));
        Ok(Some(start..self.value_start))
    }

    fn value(&self, range: Range<usize>) -> Result<&'a [u8], Corrupt> {
        self.storage.within(&self.table.values, range)
    }
}
