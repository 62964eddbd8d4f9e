//! As much of SQLite's file format (<https://www.sqlite.org/fileformat2.html>) as one table of rpm's needs:
//! `CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)`, read from first row to last.

use super::Record;
use super::bytes::{Pages, big16, big32};

/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// The first page begins with the file's header.
const FILE_HEADER: usize = 100;
/// B-tree page types.
const INTERIOR_TABLE: u8 = 5;
const LEAF_TABLE: u8 = 13;

/// Brings each package's header.
pub(super) fn read(file: &[u8], record: &mut Record<'_>) {
    let page_size = match big16(file, 16) {
        Some(1) => 65536,
        Some(size) if size.is_power_of_two() && size >= 512 => usize::from(size),
        _ => {
            record(Err("its page size is not one that SQLite can have"));
            return;
        }
    };
    let reserved = usize::from(file.get(20).copied().unwrap_or(0));
    let Some(usable) = page_size.checked_sub(reserved).filter(|usable| *usable >= 480) else {
        record(Err("its pages leave no room"));
        return;
    };
    let mut tables = Tables { pages: Pages::new(file, page_size), usable, buffer: Vec::new() };
    let mut root = None;
    // sqlite_schema: type, name, tbl_name, rootpage, sql.
    tables.scan(1, &mut |row| {
        if let Ok(row) = row
            && column(row, 0) == Some(b"table")
            && column(row, 1) == Some(b"Packages")
        {
            root = column(row, 3).and_then(number);
        }
        root.is_none()
    });
    match root {
        Some(root) => tables.scan(root, &mut |row| record(row.and_then(|row| column(row, 1).ok_or("a row holds no package")))),
        None => {
            record(Err("it has no table of packages"));
        }
    }
}

struct Tables<'a> {
    pages: Pages<'a>,
    /// Bytes of a page that are in use.
    usable: usize,
    buffer: Vec<u8>,
}

impl<'a> Tables<'a> {
    /// Brings each row of the table whose b-tree begins at page `root`, counted from one, in the order of its keys.
    fn scan(&mut self, root: usize, row: &mut Record<'_>) {
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            let page = match number.checked_sub(1).ok_or("a page that cannot be is named").and_then(|at| self.pages.take(at)) {
                Ok(page) => page,
                Err(reason) => {
                    if !row(Err(reason)) {
                        return;
                    }
                    continue;
                }
            };
            let start = if number == 1 { FILE_HEADER } else { 0 };
            match page.get(start) {
                Some(&LEAF_TABLE) => {
                    for cell in cells(page, start, start + 8) {
                        let more = match self.payload(page, cell) {
                            Ok(Payload::Inline(bytes)) => row(Ok(bytes)),
                            Ok(Payload::Collected) => row(Ok(&self.buffer)),
                            Err(reason) => row(Err(reason)),
                        };
                        if !more {
                            return;
                        }
                    }
                }
                Some(&INTERIOR_TABLE) => {
                    // The children in order, then the one right of all keys; a stack takes them the other way round.
                    let children = cells(page, start, start + 12).chain([start + 8]);
                    let below = waiting.len();
                    // A page has one parent: more children than the file has pages are damage that is not followed.
                    let room = self.pages.count().saturating_sub(below);
                    waiting.extend(children.filter_map(|cell| big32(page, cell)).map(|child| child as usize).take(room));
                    waiting[below..].reverse();
                }
                _ => {
                    if !row(Err("a page is not part of a table")) {
                        return;
                    }
                }
            }
        }
    }

    /// The record of a leaf cell, whose beginning lies on the page and whose rest on a chain of overflow pages.
    fn payload(&mut self, page: &'a [u8], cell: usize) -> Result<Payload<'a>, &'static str> {
        const DAMAGED: &str = "a row lies outside its page";
        let cell = page.get(cell..self.usable).ok_or(DAMAGED)?;
        let (length, cell) = varint(cell).ok_or(DAMAGED)?;
        let (_row_id, cell) = varint(cell).ok_or(DAMAGED)?;
        let length = usize::try_from(length).map_err(|_| DAMAGED)?;
        let local = local_length(length, self.usable);
        let (first, rest) = cell.split_at_checked(local).ok_or(DAMAGED)?;
        if local == length {
            return Ok(Payload::Inline(first));
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(first);
        let mut next = big32(rest, 0).ok_or(DAMAGED)?;
        while self.buffer.len() < length {
            let number = (next as usize).checked_sub(1).ok_or("the pages of a package end too early")?;
            let page = self.pages.take(number)?;
            let content = page.get(4..self.usable).ok_or(DAMAGED)?;
            self.buffer.extend_from_slice(&content[..content.len().min(length - self.buffer.len())]);
            next = big32(page, 0).ok_or(DAMAGED)?;
        }
        Ok(Payload::Collected)
    }
}

enum Payload<'a> {
    /// All of it lies on the page.
    Inline(&'a [u8]),
    /// It was put together in the buffer.
    Collected,
}

/// Offsets of the cells of a b-tree page, whose pointers begin at `pointers`.
fn cells(page: &[u8], start: usize, pointers: usize) -> impl Iterator<Item = usize> {
    let count = usize::from(big16(page, start + 3).unwrap_or(0));
    (0..count).map_while(move |index| big16(page, pointers + index * 2).map(usize::from))
}

/// How much of a record stays on a table's leaf page (section "B-tree Pages" of the format).
fn local_length(length: usize, usable: usize) -> usize {
    let most = usable - 35;
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let fitting = least + (length - least) % (usable - 4);
    if fitting <= most { fitting } else { least }
}

/// A big-endian number in groups of seven bits, the ninth byte with all eight; and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            return Some((value << 8 | u64::from(byte), &bytes[9..]));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// The bytes of one column of a record: the length of its header, a type per column, then the values.
fn column(record: &[u8], wanted: usize) -> Option<&[u8]> {
    let (header_length, _) = varint(record)?;
    let (header, mut values) = record.split_at_checked(usize::try_from(header_length).ok()?)?;
    let mut types = varint(header)?.1;
    for _ in 0..wanted {
        let (kind, rest) = varint(types)?;
        values = values.get(width(kind)?..)?;
        types = rest;
    }
    values.get(..width(varint(types)?.0)?)
}

/// Bytes that a value of this type takes: 0 is NULL, 1 to 6 integers, 7 a float, 8 and 9 the constants 0 and 1, from 12 on
/// blobs and texts of a given length.
fn width(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => Some(kind as usize),
        5 => Some(6),
        6 | 7 => Some(8),
        12.. => usize::try_from((kind - 12) / 2).ok(),
        _ => None,
    }
}

/// A page number, which SQLite writes in as few bytes as it takes.
fn number(bytes: &[u8]) -> Option<usize> {
    (!bytes.is_empty() && bytes.len() <= 4).then(|| bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints() {
        assert_eq!(varint(&[0x7f, 1]), Some((0x7f, &[1][..])));
        assert_eq!(varint(&[0x81, 0x00]), Some((128, &[][..])));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, &[][..])));
        assert_eq!(varint(&[0x80; 8]), None);
    }

    #[test]
    fn columns() {
        // NULL, the text "ab", the integer 258.
        let record = [4, 0, 17, 2, b'a', b'b', 1, 2];
        assert_eq!(column(&record, 0), Some(&[][..]));
        assert_eq!(column(&record, 1), Some(&b"ab"[..]));
        assert_eq!(column(&record, 2).and_then(number), Some(258));
        assert_eq!(column(&record, 3), None);
        assert_eq!(column(&record[..5], 1), None);
    }
}
