//! Layers of any compression, walked with every file's content asked for.
#![no_main]

use std::sync::Arc;

use image::blob::MemoryBlob;
use image::{Entry, Layer, Limits, More, Visitor, Wish};
use libfuzzer_sys::fuzz_target;

struct All;

impl Visitor for All {
    fn entry(&mut self, entry: &Entry<'_>) -> Wish {
        assert!(!entry.path.starts_with(b"/") && entry.path.split(|&byte| byte == b'/').all(|part| part != b".."));
        Wish::Content
    }
    fn content(&mut self, piece: &[u8]) -> More {
        assert!(!piece.is_empty());
        More::Yes
    }
    fn end(&mut self, _complete: bool) {}
    fn problem(&mut self, problem: String) {
        assert!(!problem.is_empty());
    }
}

fuzz_target!(|data: &[u8]| {
    let limits = Limits { hole_bytes: 1 << 20, ..Limits::default() };
    let _ = Layer::new("layer", Arc::new(MemoryBlob::new(data))).walk(&limits, &mut All);
});
