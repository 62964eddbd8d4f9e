//! The head of an ELF file: its header and program headers, which say where in the file code, constants and data lie
//! (System V gABI, chapters 4 and 5; <https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html>).
//!
//! Section headers stand at the end of most files and cannot be had before the content has passed, so ranges come from
//! program headers alone.

use std::borrow::Cow;
use std::ops::Range;

/// How many bytes of a file are held to read its head. Linkers put the program headers right behind the file header.
const HEAD: usize = 4096;

/// A loadable segment.
pub(super) const PT_LOAD: u32 = 1;
/// Notes.
const PT_NOTE: u32 = 4;
/// The segment is executable.
const PF_X: u32 = 1;
/// The segment is writable.
const PF_W: u32 = 2;
/// More program headers than any linker writes.
const MAX_SEGMENTS: usize = 512;

/// One program header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// `p_type`.
    pub(super) kind: u32,
    /// `p_flags`.
    pub(super) flags: u32,
    /// Where it lies in the file.
    pub(super) range: Range<u64>,
    /// Its virtual address.
    pub(super) address: u64,
}

/// What the head of a file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Width and byte order of everything in the file.
    pub(super) layout: Layout,
    /// `e_shoff`.
    pub(super) section_headers: u64,
    /// `e_shentsize`.
    pub(super) section_header_size: u16,
    /// `e_shnum`.
    pub(super) section_count: u16,
    /// `e_shstrndx`.
    pub(super) section_names: u16,
    /// Program headers; empty where they lie beyond the head.
    pub(super) segments: Vec<Segment>,
    /// The Go linker laid the file out: it left its note, or its section headers in front.
    pub(super) go_linker: bool,
}

/// Width and byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// 8-byte addresses instead of 4-byte ones.
    pub(super) wide: bool,
    /// Most significant byte first.
    pub(super) big_endian: bool,
}

impl Layout {
    /// An unsigned number of `size` bytes (1 to 8) at an offset.
    pub(super) fn number(self, bytes: &[u8], offset: usize, size: usize) -> Option<u64> {
        let field = bytes.get(offset..offset.checked_add(size)?)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big_endian { field.iter().fold(0, fold) } else { field.iter().rev().fold(0, fold) })
    }

    /// Bytes in an address.
    pub(super) fn address_size(self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    /// An address or file offset.
    pub(super) fn address(self, bytes: &[u8], offset: usize) -> Option<u64> {
        self.number(bytes, offset, self.address_size())
    }
}

impl Head {
    /// Reads the first bytes of a file; `None` where they are no ELF header.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let layout = match bytes.get(..6)? {
            [0x7f, b'E', b'L', b'F', class @ (1 | 2), order @ (1 | 2)] => Layout { wide: *class == 2, big_endian: *order == 2 },
            _ => return None,
        };
        // Offsets of e_phoff, e_shoff and e_phentsize in the two widths; the six half-words follow each other.
        let (phoff, shoff, phentsize) = if layout.wide { (32, 40, 54) } else { (28, 32, 42) };
        let half = |index: usize| layout.number(bytes, phentsize + index * 2, 2).map(|value| value as u16);
        let mut head = Self {
            layout,
            section_headers: layout.address(bytes, shoff)?,
            section_header_size: half(2)?,
            section_count: half(3)?,
            section_names: half(4)?,
            ..Self::default()
        };
        let first = layout.address(bytes, phoff)?;
        head.segments = segments(bytes, layout, first, usize::from(half(0)?), usize::from(half(1)?)).unwrap_or_default();
        let noted = head.segments.iter().any(|segment| segment.kind == PT_NOTE && has_go_note(bytes, &segment.range));
        head.go_linker = noted || (1..HEAD as u64).contains(&head.section_headers);
        Some(head)
    }

    /// Loadable segments.
    pub(super) fn loads(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.kind == PT_LOAD && !segment.range.is_empty())
    }

    /// The parts of the file that hold constants and data, in the order of the file. Older linkers put constants beside
    /// the code: where no segment is for constants alone, the code segments are among the answer. Where the program
    /// headers cannot be read, it is the whole file.
    pub(super) fn data_ranges(&self, size: u64) -> Vec<Range<u64>> {
        let code_apart = self.loads().any(|segment| segment.flags & (PF_X | PF_W) == 0);
        let wanted = |segment: &&Segment| segment.flags & PF_X == 0 || !code_apart;
        let mut ranges: Vec<_> = self.loads().filter(wanted).map(|segment| segment.range.clone()).collect();
        if ranges.is_empty() {
            ranges.push(0..size);
        }
        ranges.sort_by_key(|range| range.start);
        // Overlapping segments would bring the same bytes twice.
        for index in 1..ranges.len() {
            let end = ranges[index - 1].end;
            ranges[index].start = ranges[index].start.max(end);
            ranges[index].end = ranges[index].end.max(ranges[index].start);
        }
        ranges
    }

    /// Where the bytes at a virtual address lie in the file.
    pub(super) fn file_offset(&self, address: u64) -> Option<u64> {
        self.loads().find_map(|segment| {
            let inside = address.checked_sub(segment.address)?;
            (inside < segment.range.end - segment.range.start).then(|| segment.range.start + inside)
        })
    }

    /// The end of the last byte that is loaded; what lies behind it is for linkers, debuggers and people.
    pub(super) fn loaded_end(&self) -> u64 {
        self.loads().map(|segment| segment.range.end).max().unwrap_or(0)
    }
}

fn segments(bytes: &[u8], layout: Layout, first: u64, size: usize, count: usize) -> Option<Vec<Segment>> {
    // Offsets of p_flags, p_offset, p_vaddr and p_filesz; p_type is first in both widths.
    let (flags, offset, address, length) = if layout.wide { (4, 8, 16, 32) } else { (24, 4, 8, 16) };
    if count > MAX_SEGMENTS || size < 32 {
        return None;
    }
    let table = bytes.get(usize::try_from(first).ok()?..)?.get(..size.checked_mul(count)?)?;
    let segment = |entry: &[u8]| {
        let start = layout.address(entry, offset)?;
        Some(Segment {
            kind: layout.number(entry, 0, 4)? as u32,
            flags: layout.number(entry, flags, 4)? as u32,
            range: start..start.checked_add(layout.address(entry, length)?)?,
            address: layout.address(entry, address)?,
        })
    };
    table.chunks_exact(size).map(segment).collect()
}

/// Whether a note in the head is named `Go`, as the Go linker's build id is (`cmd/link/internal/ld/elf.go`).
fn has_go_note(bytes: &[u8], range: &Range<u64>) -> bool {
    let note = bytes.get(range.start as usize..(range.end as usize).min(bytes.len())).unwrap_or_default();
    note.windows(8).any(|window| window == b"\x04\0\0\0Go\0\0" || window == b"\0\0\0\x04Go\0\0")
}

/// Collects the head of a file whose content comes in pieces.
#[derive(Debug)]
pub(super) struct Stream {
    /// How many bytes have come.
    position: u64,
    /// How long the file is.
    size: u64,
    held: Vec<u8>,
    done: bool,
}

/// What a piece of content brought.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// The head is not whole yet.
    Wait,
    /// The file is no ELF file.
    Foreign,
    /// The head, and all content so far.
    Head(Head, Cow<'a, [u8]>),
    /// Content at this offset.
    Body(u64, &'a [u8]),
}

impl Stream {
    /// For a file of this many bytes.
    pub(super) fn new(size: u64) -> Self {
        Self { position: 0, size, held: Vec::new(), done: false }
    }

    /// Takes the next piece.
    pub(super) fn push<'a>(&mut self, piece: &'a [u8]) -> Piece<'a> {
        let position = self.position;
        self.position += piece.len() as u64;
        if self.done {
            return Piece::Body(position, piece);
        }
        if self.position < self.size.min(HEAD as u64) {
            self.held.extend_from_slice(piece);
            return Piece::Wait;
        }
        self.done = true;
        let bytes = if self.held.is_empty() {
            Cow::Borrowed(piece)
        } else {
            self.held.extend_from_slice(piece);
            Cow::Owned(std::mem::take(&mut self.held))
        };
        match Head::parse(&bytes[..bytes.len().min(HEAD)]) {
            Some(head) => Piece::Head(head, bytes),
            None => Piece::Foreign,
        }
    }
}

/// The parts of a piece of content that lie in the ranges, each with its offset in the file.
pub(super) fn wanted<'a>(ranges: &'a [Range<u64>], position: u64, piece: &'a [u8]) -> impl Iterator<Item = (u64, &'a [u8])> + 'a {
    let end = position + piece.len() as u64;
    ranges.iter().filter_map(move |range| {
        let (from, to) = (range.start.max(position), range.end.min(end));
        let part = piece.get((from - position) as usize..to.checked_sub(position)? as usize)?;
        (!part.is_empty()).then_some((from, part))
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A 64-bit little-endian ELF file with these loadable segments: address, flags, content. For tests.
    pub(in crate::binary) fn build(segments: &[(u64, u32, &[u8])]) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(64, 0);
        file[32] = 64;
        file[54] = 56;
        file[56] = segments.len() as u8;
        let mut offset = 64 + 56 * segments.len().next_multiple_of(16);
        offset = offset.next_multiple_of(64);
        let mut places = Vec::new();
        for (address, flags, content) in segments {
            let mut entry = vec![1, 0, 0, 0];
            entry.extend(flags.to_le_bytes());
            for value in [offset as u64, *address, *address, content.len() as u64, content.len() as u64, 4096] {
                entry.extend(value.to_le_bytes());
            }
            file.extend(entry);
            places.push(offset);
            offset = (offset + content.len()).next_multiple_of(64);
        }
        for (place, (_, _, content)) in places.into_iter().zip(segments) {
            file.resize(place, 0);
            file.extend_from_slice(content);
        }
        file
    }

    #[test]
    fn reads_what_it_builds() {
        let file = build(&[(0x1000, 5, &[1; 100]), (0x2000, 4, &[2; 50]), (0x3000, 6, &[3; 10])]);
        let head = Head::parse(&file).unwrap();
        let ranges = head.data_ranges(file.len() as u64);
        assert_eq!(ranges.len(), 2);
        assert_eq!(&file[ranges[0].start as usize..ranges[0].end as usize], [2; 50]);
        assert_eq!(head.file_offset(0x3005).map(|offset| file[offset as usize]), Some(3));
        assert_eq!(head.file_offset(0x300a), None);
        assert_eq!(head.loaded_end(), file.len() as u64);
        assert!(!head.go_linker);
    }

    #[test]
    fn constants_beside_code_are_found() {
        let file = build(&[(0x1000, 5, &[1; 100]), (0x3000, 6, &[3; 10])]);
        assert_eq!(Head::parse(&file).unwrap().data_ranges(file.len() as u64).len(), 2);
    }

    #[test]
    fn pieces_make_the_same_head() {
        let file = build(&[(0x1000, 4, &[7; 9000])]);
        for size in [1, 63, 64, 4095, 4096, 4097, file.len()] {
            let mut stream = Stream::new(file.len() as u64);
            let (mut head, mut bytes) = (None, Vec::new());
            for piece in file.chunks(size) {
                match stream.push(piece) {
                    Piece::Head(found, content) => (head, bytes) = (Some(found), content.into_owned()),
                    Piece::Body(position, piece) => {
                        assert_eq!(position, bytes.len() as u64);
                        bytes.extend_from_slice(piece);
                    }
                    Piece::Wait => {}
                    Piece::Foreign => panic!("an ELF file"),
                }
            }
            assert_eq!((head, bytes), (Head::parse(&file), file.clone()), "{size}");
        }
    }
}
