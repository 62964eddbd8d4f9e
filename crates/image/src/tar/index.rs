//! Where the members of an archive lie, without reading their content: what opens image archives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use model::path::{normalize, parent};

use super::extension::Extensions;
use super::header::Header;
use super::{BLOCK, Fault, MAX_EXTENSION, padding};
use crate::{Error, Limits};

/// Members that are remembered. An image archive has a few per layer; a root file system may have millions.
const MAX_MEMBERS: usize = 1 << 16;
/// Longest name that is remembered; those of image archives are built from digests.
const MAX_NAME: usize = 512;
/// Components of a remembered name: `blobs/sha256/HEX`, `ID/layer.tar`.
const MAX_DEPTH: usize = 3;
/// Links in a row that are followed.
const MAX_LINKS: usize = 8;

/// The members of a tar that could belong to an image archive.
#[derive(Debug, Default)]
pub(crate) struct Index {
    members: BTreeMap<Vec<u8>, Member>,
    /// More members were met than are remembered.
    overflowed: bool,
}

#[derive(Debug)]
enum Member {
    File { offset: u64, size: u64 },
    Link(Vec<u8>),
}

impl Index {
    /// Goes over the headers of the tar in `file`. Its name is for messages.
    pub(crate) fn read(file: &File, name: &str, limits: &Limits) -> Result<Self, Error> {
        let length = file.metadata().map_err(|error| Error::io(name, error))?.len();
        let corrupt = |fault: &Fault| Error::corrupt(name, fault.0);
        let mut index = Self::default();
        let mut extensions = Extensions::default();
        let (mut offset, mut zero_blocks, mut entries) = (0_u64, 0_u32, 0_u64);
        let mut scratch = Vec::new();
        // Several headers at a time: those of small members lie close together.
        let mut window = Window::default();
        while let Some(block) = window.block(file, offset, length).map_err(|error| Error::io(name, error))? {
            let content = offset + BLOCK as u64;
            let header = match Header::parse(&block) {
                Ok(Some(header)) => header,
                Ok(None) => {
                    zero_blocks += 1;
                    offset = content;
                    continue;
                }
                Err(_) if zero_blocks >= 2 => break,
                Err(fault) if offset == 0 => return Err(Error::unusable(name, format!("is no tar ({})", fault.0))),
                Err(fault) => return Err(corrupt(&fault)),
            };
            zero_blocks = 0;
            let flag = header.flag();
            let mut size = header.size().map_err(|fault| corrupt(&fault))?;
            match flag {
                b'x' | b'L' | b'K' => {
                    if size > MAX_EXTENSION {
                        return Err(corrupt(&Fault("an extension header is longer than 1 MiB")));
                    }
                    let mut bytes = vec![0; size as usize];
                    file.read_exact_at(&mut bytes, content).map_err(|error| Error::io(name, error))?;
                    extensions.apply(flag, &bytes).map_err(|fault| corrupt(&fault))?;
                }
                b'g' | b'V' => {}
                _ => {
                    let extensions = std::mem::take(&mut extensions);
                    size = extensions.size.unwrap_or(size);
                    if matches!(flag, b'1'..=b'6') {
                        size = 0;
                    }
                    let path = extensions.path.as_deref().unwrap_or_else(|| header.name(&mut scratch));
                    let link = extensions.link.as_deref().unwrap_or_else(|| header.link());
                    index.add(path, flag, link, content, size);
                    entries += 1;
                }
            }
            if entries > limits.entries {
                return Err(Error::limit(name, format!("holds more than {} entries", limits.entries)));
            }
            offset = match content.checked_add(size).and_then(|end| end.checked_add(padding(size))) {
                Some(next) if content + size <= length => next,
                _ => return Err(Error::corrupt(name, "it ends in the middle of a member")),
            };
        }
        Ok(index)
    }

    fn add(&mut self, path: &[u8], flag: u8, link: &[u8], offset: u64, size: u64) {
        let path = normalize(path);
        if path.len() > MAX_NAME || link.len() > MAX_NAME || path.split(|&byte| byte == b'/').count() > MAX_DEPTH {
            return;
        }
        let member = match flag {
            b'0' | 0 | b'7' => Member::File { offset, size },
            b'1' => Member::Link(normalize(link).into_owned()),
            b'2' if link.starts_with(b"/") => Member::Link(normalize(link).into_owned()),
            b'2' => Member::Link(normalize(&[parent(&path), b"/", link].concat()).into_owned()),
            _ => return,
        };
        if self.members.len() >= MAX_MEMBERS && !self.members.contains_key(path.as_ref()) {
            self.overflowed = true;
            return;
        }
        self.members.insert(path.into_owned(), member);
    }

    /// Offset and size of a file, through links. Of two members of one name the last counts, as after unpacking.
    pub(crate) fn find(&self, path: &str) -> Option<(u64, u64)> {
        let path = normalize(path.as_bytes());
        let mut path: &[u8] = &path;
        for _ in 0..MAX_LINKS {
            match self.members.get(path)? {
                Member::File { offset, size } => return Some((*offset, *size)),
                Member::Link(target) => path = target,
            }
        }
        None
    }

    /// Whether members were met that are not remembered although they could belong to an image.
    pub(crate) fn overflowed(&self) -> bool {
        self.overflowed
    }
}

/// A stretch of the file that was read last.
#[derive(Default)]
struct Window {
    bytes: Vec<u8>,
    begin: u64,
}

impl Window {
    /// The block at `offset`; `None` at the end of the file. A block cut short is filled up with zeros.
    fn block(&mut self, file: &File, offset: u64, length: u64) -> io::Result<Option<[u8; BLOCK]>> {
        if offset >= length {
            return Ok(None);
        }
        let inside = |window: &Self| {
            let at = usize::try_from(offset.checked_sub(window.begin)?).ok()?;
            window.bytes.get(at..)?.first_chunk::<BLOCK>().copied()
        };
        if let Some(block) = inside(self) {
            return Ok(Some(block));
        }
        self.bytes.resize(16 * BLOCK, 0);
        self.begin = offset;
        let mut filled = 0;
        while let Some(free) = self.bytes.get_mut(filled..).filter(|free| !free.is_empty()) {
            match file.read_at(free, offset + filled as u64)? {
                0 => break,
                read => filled += read,
            }
        }
        if filled < self.bytes.len() {
            self.bytes.truncate(filled);
            self.bytes.resize(filled.next_multiple_of(BLOCK), 0);
        }
        Ok(inside(self))
    }
}
