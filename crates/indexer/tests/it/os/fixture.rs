//! RPM databases made here, byte by byte: small, with every kind of page that the readers know.

/// Types of header values.
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;

/// A header of a package with `files` files in two directories.
pub(super) fn header(name: &str, epoch: Option<u32>, files: usize) -> Vec<u8> {
    let mut index: Vec<(u32, u32, usize, usize)> = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    let mut strings = |data: &mut Vec<u8>, tag, kind, values: &[String]| {
        index.push((tag, kind, data.len(), values.len()));
        for value in values {
            data.extend(value.as_bytes());
            data.push(0);
        }
    };
    strings(&mut data, 1000, STRING, &[name.to_owned()]);
    strings(&mut data, 1001, STRING, &["1.2".to_owned()]);
    strings(&mut data, 1002, STRING, &["3.el9".to_owned()]);
    strings(&mut data, 1022, STRING, &["x86_64".to_owned()]);
    strings(&mut data, 1044, STRING, &["source-1.2-3.el9.src.rpm".to_owned()]);
    strings(&mut data, 5096, STRING, &["stream:1:20240101:abc".to_owned()]);
    strings(&mut data, 1117, STRING_ARRAY, &(0..files).map(|at| format!("file{at}")).collect::<Vec<_>>());
    strings(&mut data, 1118, STRING_ARRAY, &["/usr/bin/".to_owned(), "/".to_owned()]);
    let mut numbers = |data: &mut Vec<u8>, tag, values: &mut dyn ExactSizeIterator<Item = u32>| {
        data.resize(data.len().next_multiple_of(4), 0);
        index.push((tag, INT32, data.len(), values.len()));
        values.for_each(|value| data.extend(value.to_be_bytes()));
    };
    numbers(&mut data, 1116, &mut (0..files).map(|at| at as u32 % 2));
    if let Some(epoch) = epoch {
        numbers(&mut data, 1003, &mut std::iter::once(epoch));
    }
    let mut blob = Vec::new();
    blob.extend((index.len() as u32).to_be_bytes());
    blob.extend((data.len() as u32).to_be_bytes());
    for (tag, kind, offset, count) in index {
        for number in [tag, kind, offset as u32, count as u32] {
            blob.extend(number.to_be_bytes());
        }
    }
    blob.extend(data);
    blob
}

/// An ndb database of one page of slots.
pub(super) fn ndb(blobs: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0; 4096];
    file[..4].copy_from_slice(b"RpmP");
    file[12..16].copy_from_slice(&1u32.to_le_bytes());
    for (at, blob) in blobs.iter().enumerate() {
        let index = at as u32 + 1;
        let start = file.len();
        file.extend(b"BlbS");
        for number in [index, 1, blob.len() as u32] {
            file.extend(number.to_le_bytes());
        }
        file.extend(blob);
        file.extend([0; 4]);
        file.extend((blob.len() as u32).to_le_bytes());
        file.extend(b"BlbE");
        file.resize(file.len().next_multiple_of(16), 0);
        // One slot is left empty, as after an erased package.
        let slot = 32 + (at + 1) * 16;
        file[slot..slot + 4].copy_from_slice(b"Slot");
        for (field, number) in [index, start as u32 / 16, (file.len() - start) as u32 / 16].into_iter().enumerate() {
            file[slot + 4 + field * 4..][..4].copy_from_slice(&number.to_le_bytes());
        }
    }
    file
}

/// A Berkeley DB hash of one bucket, in either byte order; short items on its page, long ones on overflow pages.
pub(super) fn bdb(blobs: &[Vec<u8>], big_endian: bool) -> Vec<u8> {
    const PAGE: usize = 1024;
    let u16 = |number: usize| if big_endian { (number as u16).to_be_bytes() } else { (number as u16).to_le_bytes() };
    let u32 = |number: usize| if big_endian { (number as u32).to_be_bytes() } else { (number as u32).to_le_bytes() };
    let mut file = vec![0; PAGE * 2];
    file[12..16].copy_from_slice(&u32(0x0006_1561));
    file[20..24].copy_from_slice(&u32(PAGE));
    let mut items: Vec<Vec<u8>> = vec![[&[1][..], &u32(0)].concat(), [&[1][..], &u32(blobs.len())].concat()];
    for (at, blob) in blobs.iter().enumerate() {
        items.push([&[1][..], &u32(at + 1)].concat());
        if blob.len() < 300 {
            items.push([&[1][..], blob].concat());
            continue;
        }
        items.push([&[3, 0, 0, 0][..], &u32(file.len() / PAGE), &u32(blob.len())].concat());
        let mut pieces = blob.chunks(PAGE - 26).peekable();
        while let Some(piece) = pieces.next() {
            let mut page = vec![0; PAGE];
            let next = if pieces.peek().is_some() { file.len() / PAGE + 1 } else { 0 };
            page[16..20].copy_from_slice(&u32(next));
            page[22..24].copy_from_slice(&u16(piece.len()));
            page[25] = 7;
            page[26..26 + piece.len()].copy_from_slice(piece);
            file.extend(page);
        }
    }
    let page = &mut file[PAGE..PAGE * 2];
    page[20..22].copy_from_slice(&u16(items.len()));
    page[25] = 13;
    let mut end = PAGE;
    for (at, item) in items.iter().enumerate() {
        page[end - item.len()..end].copy_from_slice(item);
        end -= item.len();
        page[26 + at * 2..28 + at * 2].copy_from_slice(&u16(end));
    }
    file
}

/// An SQLite database: the schema, an interior page, a leaf per row, overflow pages.
pub(super) fn sqlite(blobs: &[Vec<u8>]) -> Vec<u8> {
    const PAGE: usize = 512;
    let mut file = vec![0; PAGE * 2];
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
    let sql = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)";
    let mut schema = vec![7, 13 + 5 * 2, 13 + 8 * 2, 13 + 8 * 2, 1];
    schema.extend(varint(13 + sql.len() * 2));
    schema.extend(b"tablePackagesPackages\x02");
    schema.extend(sql.as_bytes());
    leaf(&mut file[..PAGE], 100, &[varint(schema.len()), vec![1], schema].concat());
    let mut children = Vec::new();
    for (at, blob) in blobs.iter().enumerate() {
        let types = [vec![0], varint(12 + blob.len() * 2)].concat();
        let record = [vec![types.len() as u8 + 1], types, blob.clone()].concat();
        let (most, least) = (PAGE - 35, (PAGE - 12) * 32 / 255 - 23);
        let local = match record.len() {
            length if length <= most => length,
            length if least + (length - least) % (PAGE - 4) <= most => least + (length - least) % (PAGE - 4),
            _ => least,
        };
        let mut cell = [varint(record.len()), vec![at as u8 + 1], record[..local].to_vec()].concat();
        children.push(file.len() / PAGE + 1);
        let start = file.len();
        file.resize(start + PAGE, 0);
        let mut pieces = record[local..].chunks(PAGE - 4).peekable();
        if pieces.peek().is_some() {
            cell.extend((file.len() as u32 / PAGE as u32 + 1).to_be_bytes());
        }
        while let Some(piece) = pieces.next() {
            let next = if pieces.peek().is_some() { file.len() / PAGE + 2 } else { 0 };
            file.extend((next as u32).to_be_bytes());
            file.extend(piece);
            file.resize(file.len().next_multiple_of(PAGE), 0);
        }
        leaf(&mut file[start..start + PAGE], 0, &cell);
    }
    let last = children.pop().unwrap_or(0);
    let page = &mut file[PAGE..PAGE * 2];
    page[0] = 5;
    page[3..5].copy_from_slice(&(children.len() as u16).to_be_bytes());
    page[8..12].copy_from_slice(&(last as u32).to_be_bytes());
    for (at, child) in children.iter().enumerate() {
        let cell = PAGE - (at + 1) * 5;
        page[12 + at * 2..14 + at * 2].copy_from_slice(&(cell as u16).to_be_bytes());
        page[cell..cell + 4].copy_from_slice(&(*child as u32).to_be_bytes());
        page[cell + 4] = at as u8 + 1;
    }
    file
}

/// Makes a leaf page with one cell; its header begins at `start`.
fn leaf(page: &mut [u8], start: usize, cell: &[u8]) {
    let at = page.len() - cell.len();
    page[start] = 13;
    page[start + 4] = 1;
    page[start + 8..start + 10].copy_from_slice(&(at as u16).to_be_bytes());
    page[at..].copy_from_slice(cell);
}

fn varint(number: usize) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7f) as u8];
    let mut rest = number >> 7;
    while rest > 0 {
        bytes.insert(0, (rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes
}
