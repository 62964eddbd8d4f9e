//! rpm's own "new database", `Packages.db`: a table of slots, each naming a run of 16-byte blocks that holds one header.
//! All numbers are little-endian (facts from `lib/backend/ndb/rpmpkg.c` of rpm 4.18).

use super::Record;
use super::bytes::little32;

/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"RpmP";

/// Slots begin after the file's header, which takes the room of two of them.
const FIRST_SLOT: usize = 32;
const SLOT: usize = 16;
const SLOT_PAGE: usize = 4096;
/// Unit of a slot's block offset and count.
const BLOCK: usize = 16;

/// Brings each package's header.
pub(super) fn read(file: &[u8], record: &mut Record<'_>) {
    let slot_pages = little32(file, 12).unwrap_or(0) as usize;
    let end = slot_pages.saturating_mul(SLOT_PAGE);
    let Some(slots) = file.get(FIRST_SLOT..end) else {
        record(Err("the file ends within its table of packages"));
        return;
    };
    for slot in slots.as_chunks::<SLOT>().0 {
        let index = little32(slot, 4).unwrap_or(0);
        if index == 0 {
            continue;
        }
        let blob = match slot.first_chunk() {
            Some(b"Slot") => blob(file, slot, index),
            _ => Err("a slot of the table of packages is damaged"),
        };
        if !record(blob) {
            return;
        }
    }
}

/// `BlbS`, package index, generation, length, the blob.
fn blob<'a>(file: &'a [u8], slot: &[u8], index: u32) -> Result<&'a [u8], &'static str> {
    let read = || {
        let start = (little32(slot, 8)? as usize).checked_mul(BLOCK)?;
        let room = (little32(slot, 12)? as usize).checked_mul(BLOCK)?;
        let blob = file.get(start..start.checked_add(room)?)?;
        (blob.starts_with(b"BlbS") && little32(blob, 4)? == index).then_some(())?;
        blob.get(16..)?.get(..little32(blob, 12)? as usize)
    };
    read().ok_or("a package lies outside the file or is damaged")
}
