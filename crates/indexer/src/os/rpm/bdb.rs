//! Berkeley DB's hash format, `Packages` up to rpm 4.15 (facts from the format's own header `db_page.h`).
//!
//! The pages are read in the order of the file rather than by bucket: every pair on a hash page is a package, and so
//! nothing but a page of its own has to be whole for it to be found.

use super::Record;
use super::bytes::{Pages, big16, big32, little16, little32};

/// Magic of the hash format, at byte 12 of the file, in the byte order of the machine that wrote it.
const HASH_MAGIC: u32 = 0x0006_1561;
/// Bytes of the header that each page begins with.
const PAGE_HEADER: usize = 26;

/// Page types: hash, unsorted as old versions wrote it, sorted; overflow.
const PAGE_HASH_UNSORTED: u8 = 2;
const PAGE_HASH: u8 = 13;
const PAGE_OVERFLOW: u8 = 7;
/// Item types: the data itself, or the overflow pages that hold it.
const ITEM_INLINE: u8 = 1;
const ITEM_OVERFLOW: u8 = 3;

/// Brings each package's header.
pub(super) fn read(file: &[u8], record: &mut Record<'_>) {
    let order = match (little32(file, 12), big32(file, 12)) {
        (Some(HASH_MAGIC), _) => Order { u16: little16, u32: little32 },
        (_, Some(HASH_MAGIC)) => Order { u16: big16, u32: big32 },
        _ => {
            record(Err("it is none of the database formats that rpm has had"));
            return;
        }
    };
    let page_size = (order.u32)(file, 20).unwrap_or(0) as usize;
    if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
        record(Err("its page size is not one that Berkeley DB can have"));
        return;
    }
    let mut reader = Reader { pages: Pages::new(file, page_size), order, buffer: Vec::new() };
    // Page 0 describes the file.
    for number in 1..reader.pages.count() {
        let Some(page) = reader.pages.look(number) else {
            record(Err("the file ends within a page"));
            return;
        };
        if matches!(page.get(25), Some(&(PAGE_HASH | PAGE_HASH_UNSORTED))) && !reader.page(page, record) {
            return;
        }
    }
}

/// How the file's numbers are written.
struct Order {
    u16: fn(&[u8], usize) -> Option<u16>,
    u32: fn(&[u8], usize) -> Option<u32>,
}

struct Reader<'a> {
    pages: Pages<'a>,
    order: Order,
    buffer: Vec<u8>,
}

impl<'a> Reader<'a> {
    /// Reads the pairs of one hash page: items are key, data, key, data, …, filled in from the end of the page. False
    /// when no more is wanted.
    fn page(&mut self, page: &'a [u8], record: &mut Record<'_>) -> bool {
        let items = usize::from((self.order.u16)(page, 20).unwrap_or(0));
        for pair in 0..items / 2 {
            let (Some(key), Some(data)) = (self.item(page, pair * 2), self.item(page, pair * 2 + 1)) else {
                return record(Err("an item lies outside its page"));
            };
            // Package number 0 is the counter for the next one.
            if key.get(1..) == Some(&[0; 4]) {
                continue;
            }
            let more = match data {
                [ITEM_INLINE, blob @ ..] => record(Ok(blob)),
                [ITEM_OVERFLOW, ..] => match self.overflow(data) {
                    Ok(()) => record(Ok(&self.buffer)),
                    Err(reason) => record(Err(reason)),
                },
                _ => record(Err("an item is of a type that rpm does not write")),
            };
            if !more {
                return false;
            }
        }
        true
    }

    /// Item `index` of a page, which ends where the one before it begins.
    fn item(&self, page: &'a [u8], index: usize) -> Option<&'a [u8]> {
        let offset = |index: usize| (self.order.u16)(page, PAGE_HEADER + index * 2).map(usize::from);
        let end = if index == 0 { page.len() } else { offset(index - 1)? };
        page.get(offset(index)?..end)
    }

    /// Collects an item that lies on overflow pages: type and padding, first page, length, 32 bits each.
    fn overflow(&mut self, item: &[u8]) -> Result<(), &'static str> {
        const DAMAGED: &str = "the pages of a package are damaged";
        let mut next = (self.order.u32)(item, 4).ok_or(DAMAGED)? as usize;
        let length = (self.order.u32)(item, 8).ok_or(DAMAGED)? as usize;
        self.buffer.clear();
        while next != 0 && self.buffer.len() < length {
            let page = self.pages.take(next)?;
            if page.get(25) != Some(&PAGE_OVERFLOW) {
                return Err(DAMAGED);
            }
            // On overflow pages the field that elsewhere says where items begin is the number of bytes in use.
            let used = usize::from((self.order.u16)(page, 22).ok_or(DAMAGED)?);
            self.buffer.extend_from_slice(page.get(PAGE_HEADER..PAGE_HEADER + used).ok_or(DAMAGED)?);
            next = (self.order.u32)(page, 16).ok_or(DAMAGED)? as usize;
        }
        if self.buffer.len() < length { Err(DAMAGED) } else { Ok(()) }
    }
}
