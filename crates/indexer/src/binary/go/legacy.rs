//! Go before 1.18 keeps addresses where later versions keep the text itself, and the text lies among the constants, in
//! front of the addresses. A forward stream has passed it by then, so what may be the text is noted on the way: the
//! module text stands between marks of its own, and version strings are few.

use std::collections::BTreeMap;

use memchr::memmem::Finder;

use super::build_info::{END, MAX_TEXT, START};

/// Enough of what follows `go1.` to hold any version: `go1.17.13 X:nocoverageredesign`.
const VERSION: usize = 32;
/// Places in a program where a version may stand; Go programs hold some dozens (`go1.17 or later`).
const MAX_VERSIONS: usize = 4096;

/// Notes what may be the module text and the version.
#[derive(Debug)]
pub(super) struct Legacy {
    start: Finder<'static>,
    end: Finder<'static>,
    version: Finder<'static>,
    /// The end of the content so far, so that nothing is missed that two pieces share.
    tail: Vec<u8>,
    /// Offset of the byte after the tail.
    next: u64,
    /// The module text as it comes, once its mark has been seen.
    text: Option<Vec<u8>>,
    /// The module text, whole.
    modules: Option<String>,
    versions: BTreeMap<u64, [u8; VERSION]>,
}

impl Legacy {
    pub(super) fn new() -> Self {
        Self {
            start: Finder::new(&START),
            end: Finder::new(&END),
            version: Finder::new(b"go1."),
            tail: Vec::new(),
            next: 0,
            text: None,
            modules: None,
            versions: BTreeMap::new(),
        }
    }

    /// Takes content at an offset; pieces come in order, gaps are allowed.
    pub(super) fn feed(&mut self, offset: u64, bytes: &[u8]) {
        if offset != self.next {
            self.tail.clear();
            self.text = None;
        }
        self.next = offset + bytes.len() as u64;
        // What two pieces share: the end of the last one and the beginning of this one.
        let mut seam = std::mem::take(&mut self.tail);
        let before = seam.len();
        seam.extend_from_slice(&bytes[..bytes.len().min(VERSION)]);
        self.find_versions(offset - before as u64, &seam);
        self.find_versions(offset, bytes);
        if self.modules.is_none() {
            self.find_text(before, &seam, bytes);
        }
        let keep = if bytes.len() >= VERSION { bytes } else { &seam };
        self.tail = keep[keep.len().saturating_sub(VERSION)..].to_vec();
    }

    fn find_versions(&mut self, offset: u64, bytes: &[u8]) {
        for place in self.version.find_iter(bytes) {
            if self.versions.len() >= MAX_VERSIONS {
                return;
            }
            // What is cut off here is whole in the next seam.
            if let Some(text) = bytes.get(place..place + VERSION).and_then(|text| text.try_into().ok()) {
                self.versions.insert(offset + place as u64, text);
            }
        }
    }

    fn find_text(&mut self, before: usize, seam: &[u8], bytes: &[u8]) {
        if self.text.is_none() {
            // A mark that began in the last piece ends in this one.
            let shared = self.start.find(seam).filter(|place| *place < before && place + 16 > before);
            if let Some(place) = shared {
                self.text = Some(seam[place..before].to_vec());
                return self.collect(bytes);
            }
            let Some(place) = self.start.find(bytes) else { return };
            self.text = Some(Vec::new());
            return self.collect(&bytes[place..]);
        }
        self.collect(bytes);
    }

    fn collect(&mut self, bytes: &[u8]) {
        let Some(text) = &mut self.text else { return };
        let from = text.len().saturating_sub(END.len());
        text.extend_from_slice(bytes);
        if let Some(end) = self.end.find(&text[from..]) {
            let content = text.get(START.len()..from + end).unwrap_or_default();
            // The mark alone, as the tools of Go themselves hold it, is followed by something else.
            self.modules = std::str::from_utf8(content).ok().filter(|text| text.starts_with("path\t")).map(str::to_owned);
            self.text = None;
        } else if text.len() > MAX_TEXT {
            self.text = None;
        }
    }

    /// The module text.
    pub(super) fn modules(&self) -> Option<&str> {
        self.modules.as_deref()
    }

    /// The version that stands at this offset and has this length.
    pub(super) fn version(&self, offset: u64, length: u64) -> Option<&str> {
        std::str::from_utf8(self.versions.get(&offset)?.get(..usize::try_from(length).ok()?)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_text_and_version_in_any_pieces() {
        let mut content = b"....go1.17.5.....................................".to_vec();
        content.extend(START);
        content.extend(b"path\tx.org/a\nmod\tx.org/a\tv1.0.0\t\n");
        content.extend(END);
        content.resize(300, b'.');
        for size in [1, 5, 16, 33, 64, 300] {
            let mut legacy = Legacy::new();
            for (index, piece) in content.chunks(size).enumerate() {
                legacy.feed(1000 + (index * size) as u64, piece);
            }
            assert_eq!(legacy.modules(), Some("path\tx.org/a\nmod\tx.org/a\tv1.0.0\t\n"), "{size}");
            assert_eq!(legacy.version(1004, 8), Some("go1.17.5"), "{size}");
        }
    }
}
