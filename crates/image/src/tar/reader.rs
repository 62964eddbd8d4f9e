//! Reads a tar that is pushed to it piece by piece, as decompression brings it, and tells a visitor what is inside.
//!
//! Names and content are handed on from the pieces themselves; only what straddles two pieces is copied.

use std::fmt::Write as _;

use model::path::{display, file_name, normalize, parent};

use super::extension::Extensions;
use super::header::Header;
use super::sparse::{Expanded, MapText, Sparse};
use super::{BLOCK, Fault, MAX_EXTENSION, padding};
use crate::{Entry, EntryKind, Limits, More, Visitor, Wish};

/// Problems of one tar that are told one by one.
const MAX_PROBLEMS: u32 = 20;

/// Where the reader is.
#[derive(Debug)]
enum State {
    /// Before a header.
    Header,
    /// In the content of an extension header.
    Extension { flag: u8, left: u64 },
    /// Before a further block of GNU's old sparse map.
    GnuMap { stored: u64 },
    /// In the map of PAX sparse 1.0.
    PaxMap { text: MapText, left: u64 },
    /// In content that the visitor wants.
    Content { left: u64 },
    /// In bytes of no interest: content that nobody wants, padding.
    Skip { left: u64 },
    /// Past the last thing that is looked at.
    Done,
}

/// A tar being read.
#[derive(Debug)]
pub(crate) struct Reader {
    state: State,
    /// A block that straddles two pieces.
    block: [u8; BLOCK],
    filled: usize,
    /// Content of an extension header, in parts.
    collected: Vec<u8>,
    extensions: Extensions,
    /// The entry's content is sparse.
    sparse: Option<Sparse>,
    /// Whether the visitor wants the content that follows a sparse map.
    wish: bool,
    /// Padding behind the content, of the entry at hand.
    padding: u64,
    /// For names stored in two parts, and for whiteouts.
    scratch: Vec<u8>,
    whiteout: Vec<u8>,
    zero_blocks: u32,
    position: u64,
    entries: u64,
    max_entries: u64,
    max_path: usize,
    hole_budget: u64,
    limit_reached: Option<String>,
    problems: u32,
}

impl Reader {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            state: State::Header,
            block: [0; BLOCK],
            filled: 0,
            collected: Vec::new(),
            extensions: Extensions::default(),
            sparse: None,
            wish: false,
            padding: 0,
            scratch: Vec::new(),
            whiteout: Vec::new(),
            zero_blocks: 0,
            position: 0,
            entries: 0,
            max_entries: limits.entries,
            max_path: limits.path_bytes,
            hole_budget: limits.hole_bytes,
            limit_reached: None,
            problems: 0,
        }
    }

    /// Entries told so far.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    /// The bound past which nothing was looked at.
    pub(crate) fn limit_reached(&self) -> Option<&String> {
        self.limit_reached.as_ref()
    }

    /// A fault, with the place where it is.
    pub(crate) fn describe(&self, fault: &Fault) -> String {
        format!("{} (at byte {} of the tar)", fault.0, self.position)
    }

    /// Takes the next piece.
    pub(crate) fn feed(&mut self, piece: &[u8], visitor: &mut dyn Visitor) -> Result<(), Fault> {
        let mut rest = piece;
        while !rest.is_empty() {
            let before = rest.len();
            match self.state {
                State::Done => return Ok(()),
                State::Skip { left } => {
                    let (_, after, left) = take(rest, left);
                    rest = after;
                    self.state = if left == 0 { State::Header } else { State::Skip { left } };
                }
                State::Content { left } => {
                    let (content, after, left) = take(rest, left);
                    rest = after;
                    self.state = State::Content { left };
                    self.content(content, left, visitor);
                }
                State::Extension { flag, left } => {
                    let (part, after, left) = take(rest, left);
                    rest = after;
                    self.extension(flag, part, left)?;
                }
                State::Header | State::GnuMap { .. } | State::PaxMap { .. } => {
                    let straddling;
                    let block = match rest.split_first_chunk::<BLOCK>() {
                        Some((block, after)) if self.filled == 0 => {
                            rest = after;
                            block
                        }
                        _ => {
                            let free = self.block.get_mut(self.filled..).unwrap_or_default();
                            let (part, after) = rest.split_at(rest.len().min(free.len()));
                            if let Some(free) = free.get_mut(..part.len()) {
                                free.copy_from_slice(part);
                            }
                            self.filled += part.len();
                            rest = after;
                            if self.filled < BLOCK {
                                self.position += (before - rest.len()) as u64;
                                continue;
                            }
                            self.filled = 0;
                            straddling = self.block;
                            &straddling
                        }
                    };
                    self.take_block(block, visitor)?;
                }
            }
            self.position += (before - rest.len()) as u64;
        }
        Ok(())
    }

    /// The bytes are over.
    pub(crate) fn finish(&mut self, visitor: &mut dyn Visitor) -> Result<(), Fault> {
        const TRUNCATED: Fault = Fault("it ends in the middle of an entry");
        match self.state {
            State::Header if self.zero_blocks > 0 || self.filled == 0 => {
                if self.zero_blocks == 0 && self.entries > 0 {
                    self.problem(visitor, "the tar has no end marker; it may have been cut short".to_owned());
                }
                Ok(())
            }
            State::Header if self.block.iter().take(self.filled).all(|&byte| byte == 0) => Ok(()),
            State::Done => Ok(()),
            // As the container engines do: the content is whole, only the filling behind it is missing.
            State::Skip { left } if left <= self.padding => Ok(()),
            _ => {
                self.abort(visitor);
                Err(TRUNCATED)
            }
        }
    }

    /// No more bytes will come, or they count no more: ends the content that was promised to the visitor.
    pub(crate) fn abort(&mut self, visitor: &mut dyn Visitor) {
        if matches!(self.state, State::Content { .. })
            || (self.wish && matches!(self.state, State::GnuMap { .. } | State::PaxMap { .. }))
        {
            visitor.end(false);
        }
        self.state = State::Done;
    }

    /// One whole block where blocks are expected.
    fn take_block(&mut self, block: &[u8; BLOCK], visitor: &mut dyn Visitor) -> Result<(), Fault> {
        match std::mem::replace(&mut self.state, State::Header) {
            State::GnuMap { stored } => {
                self.state = State::GnuMap { stored };
                if let Some(sparse) = &mut self.sparse {
                    sparse.add_gnu(&block[..504])?;
                }
                if block[504] == 0 {
                    self.begin_sparse(stored, visitor)?;
                }
            }
            State::PaxMap { mut text, left } => {
                let Some(left) = left.checked_sub(BLOCK as u64) else {
                    self.state = State::PaxMap { text, left };
                    return Err(Fault("a sparse file's map is longer than the file"));
                };
                let done = match &mut self.sparse {
                    Some(sparse) => text.block(block, sparse),
                    None => Ok(true),
                };
                self.state = State::PaxMap { text, left };
                if done? {
                    self.begin_sparse(left, visitor)?;
                }
            }
            _ => match Header::parse(block) {
                Ok(None) => self.zero_blocks += 1,
                Ok(Some(header)) => return self.header(header, visitor),
                // Two blocks of zeros end a tar. Another may follow; anything else is none of our business.
                Err(_) if self.zero_blocks >= 2 => {
                    self.problem(visitor, "bytes that are no tar follow the end of the tar; they were not looked at".to_owned());
                    self.state = State::Done;
                }
                Err(fault) => return Err(fault),
            },
        }
        Ok(())
    }

    /// A header: an extension, or an entry.
    fn header(&mut self, header: Header<'_>, visitor: &mut dyn Visitor) -> Result<(), Fault> {
        self.zero_blocks = 0;
        let flag = header.flag();
        let size = header.size()?;
        self.padding = padding(size);
        match flag {
            b'x' | b'L' | b'K' => {
                if size > MAX_EXTENSION {
                    return Err(Fault("an extension header is longer than 1 MiB"));
                }
                self.collected.clear();
                self.state = State::Extension { flag, left: size };
                if size == 0 {
                    self.state = State::Header;
                }
                return Ok(());
            }
            // Global records name no single file; a volume label is none.
            b'g' | b'V' => {
                self.skip(size)?;
                return Ok(());
            }
            _ => {}
        }
        let mut extensions = std::mem::take(&mut self.extensions);
        let size = extensions.size.unwrap_or(size);
        let mut scratch = std::mem::take(&mut self.scratch);
        let sparse = extensions.sparse.take().filter(|_| matches!(flag, b'0' | 0 | b'7'));
        let name = sparse
            .as_ref()
            .and_then(|sparse| sparse.name.as_deref())
            .or(extensions.path.as_deref())
            .unwrap_or_else(|| header.name(&mut scratch));
        let kind = match flag {
            0 if name.ends_with(b"/") => EntryKind::Directory,
            b'0' | 0 | b'7' | b'S' => EntryKind::File,
            b'1' => EntryKind::Hardlink,
            b'2' => EntryKind::Symlink,
            b'5' | b'D' => EntryKind::Directory,
            _ => EntryKind::Other,
        };
        // Links, directories and devices have no content, whatever their size field says.
        let stored = if matches!(flag, b'1'..=b'6') { 0 } else { size };
        self.padding = padding(stored);
        let real_size = match (&sparse, flag) {
            (Some(sparse), _) => sparse.real_size,
            (None, b'S') => header.sparse_size()?,
            _ => stored,
        };
        let link = extensions.link.as_deref().unwrap_or_else(|| header.link());
        let entry =
            Entry { path: name, kind, size: if kind == EntryKind::File { real_size } else { 0 }, mode: header.mode(), link };
        self.wish = self.tell(entry, visitor) == Wish::Content;
        self.scratch = scratch;
        if matches!(self.state, State::Done) {
            return Ok(());
        }
        if flag == b'S' {
            let (map, more) = header.sparse_map();
            let mut expanding = Sparse::new(real_size);
            let added = expanding.add_gnu(map);
            self.sparse = Some(expanding);
            self.state = State::GnuMap { stored };
            added?;
            return if more { Ok(()) } else { self.begin_sparse(stored, visitor) };
        }
        if let Some(sparse) = sparse.filter(|_| self.wish) {
            let mut expanding = Sparse::new(sparse.real_size);
            if sparse.map_in_content {
                self.sparse = Some(expanding);
                self.state = State::PaxMap { text: MapText::default(), left: stored };
                return Ok(());
            }
            self.state = State::Content { left: stored };
            for pair in sparse.map.chunks_exact(2) {
                expanding.add(pair[0], pair[1])?;
            }
            self.sparse = Some(expanding);
            return self.begin_sparse(stored, visitor);
        }
        if self.wish {
            self.sparse = None;
            self.begin(stored, visitor);
            return Ok(());
        }
        self.skip(stored)
    }

    /// The map is known: content follows.
    fn begin_sparse(&mut self, stored: u64, visitor: &mut dyn Visitor) -> Result<(), Fault> {
        if !self.wish {
            self.sparse = None;
            return self.skip(stored);
        }
        if let Some(sparse) = &self.sparse {
            sparse.check(stored)?;
        }
        self.begin(stored, visitor);
        Ok(())
    }

    /// Content that the visitor wants follows.
    fn begin(&mut self, stored: u64, visitor: &mut dyn Visitor) {
        self.state = State::Content { left: stored };
        if stored == 0 {
            self.content(&[], 0, visitor);
        }
    }

    /// Content that nobody wants follows, and padding.
    fn skip(&mut self, stored: u64) -> Result<(), Fault> {
        let left = stored.checked_add(self.padding).ok_or(Fault("an entry's size is impossible"))?;
        self.state = if left == 0 { State::Header } else { State::Skip { left } };
        Ok(())
    }

    /// A piece of content that the visitor wants; `left` bytes follow it.
    fn content(&mut self, content: &[u8], left: u64, visitor: &mut dyn Visitor) {
        let outcome = match &mut self.sparse {
            Some(sparse) => {
                let mut outcome = sparse.feed(content, &mut self.hole_budget, visitor);
                if outcome == Expanded::GoOn && left == 0 {
                    outcome = sparse.finish(&mut self.hole_budget, visitor);
                }
                outcome
            }
            None if content.is_empty() || visitor.content(content) == More::Yes => Expanded::GoOn,
            None => Expanded::Enough,
        };
        match outcome {
            Expanded::GoOn if left > 0 => return,
            Expanded::GoOn | Expanded::Enough => visitor.end(true),
            Expanded::TooMuch => {
                visitor.end(false);
                self.problem(visitor, "the holes of sparse files are too large; not all of them were read".to_owned());
            }
        }
        self.sparse = None;
        let left = left.saturating_add(self.padding);
        self.state = if left == 0 { State::Header } else { State::Skip { left } };
    }

    /// A part of an extension header's content; `left` bytes follow it.
    fn extension(&mut self, flag: u8, part: &[u8], left: u64) -> Result<(), Fault> {
        let whole = if self.collected.is_empty() && left == 0 {
            self.extensions.apply(flag, part)
        } else {
            self.collected.extend_from_slice(part);
            if left > 0 {
                self.state = State::Extension { flag, left };
                return Ok(());
            }
            self.extensions.apply(flag, &self.collected)
        };
        self.state = if self.padding == 0 { State::Header } else { State::Skip { left: self.padding } };
        whole
    }

    /// Tells the visitor of an entry whose paths are as stored.
    fn tell(&mut self, raw: Entry<'_>, visitor: &mut dyn Visitor) -> Wish {
        if raw.path.len() > self.max_path || raw.link.len() > self.max_path {
            let begin = raw.path.get(..80).unwrap_or(raw.path);
            let begin = display(begin);
            self.problem(
                visitor,
                format!("{begin}… has a name or target longer than {} bytes; it was not looked at", self.max_path),
            );
            return Wish::Skip;
        }
        if self.entries >= self.max_entries {
            let reached = format!("it holds more than {} entries; those behind were not looked at", self.max_entries);
            visitor.problem(reached.clone());
            self.limit_reached = Some(reached);
            self.state = State::Done;
            return Wish::Skip;
        }
        let path = normalize(raw.path);
        let mut entry = Entry { path: &path, ..raw };
        let link;
        match raw.kind {
            EntryKind::Hardlink => {
                link = normalize(raw.link);
                entry.link = &link;
            }
            EntryKind::Symlink => {}
            _ => entry.link = b"",
        }
        if let Some(hidden) = file_name(&path).strip_prefix(b".wh.") {
            let folder = parent(&path);
            entry = Entry { size: 0, link: b"", ..entry };
            match hidden {
                b".wh..opq" => entry = Entry { path: folder, kind: EntryKind::Opaque, ..entry },
                // Book-keeping of AUFS.
                [b'.', b'w', b'h', b'.', ..] => return Wish::Skip,
                b"" | b"." | b".." => {
                    let place = display(&path);
                    self.problem(visitor, format!("{place} is a whiteout without a name; it was ignored"));
                    return Wish::Skip;
                }
                name => {
                    self.whiteout.clear();
                    self.whiteout.extend_from_slice(folder);
                    if !folder.is_empty() {
                        self.whiteout.push(b'/');
                    }
                    self.whiteout.extend_from_slice(name);
                    self.entries += 1;
                    visitor.entry(&Entry { path: &self.whiteout, kind: EntryKind::Whiteout, ..entry });
                    return Wish::Skip;
                }
            }
        } else if path.is_empty() {
            // The root itself: every container has one.
            return Wish::Skip;
        }
        self.entries += 1;
        let wish = visitor.entry(&entry);
        if entry.kind == EntryKind::File { wish } else { Wish::Skip }
    }

    fn problem(&mut self, visitor: &mut dyn Visitor, mut problem: String) {
        self.problems += 1;
        if self.problems > MAX_PROBLEMS {
            return;
        }
        if self.problems == MAX_PROBLEMS {
            let _ = write!(problem, " (further ones of this layer are not listed)");
        }
        visitor.problem(problem);
    }
}

/// Splits off at most `left` bytes: them, what follows, and how many are still to come.
fn take(bytes: &[u8], left: u64) -> (&[u8], &[u8], u64) {
    let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
    let (taken, rest) = bytes.split_at(count);
    (taken, rest, left - count as u64)
}
