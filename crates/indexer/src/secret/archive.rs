//! Archives and compressed texts inside layers.

use std::io::Read as _;
use std::sync::Arc;

use image::blob::MemoryBlob;
use image::{Entry, EntryKind, Layer, Limits, More, Visitor, Wish};

use super::SecretMatch;
use super::stream::SecretStream;
use crate::language::archive::{Archive, Budget};

/// Bytes that may come out of one archive.
const MAX_UNPACKED: u64 = 512 << 20;
/// Entries that may be in one.
const MAX_ENTRIES: u64 = 200_000;

/// The secrets inside; what cannot be unpacked holds none that anybody could read either.
pub(super) fn search(outer: &SecretStream<'_>, path: &[u8], content: Vec<u8>) -> Vec<SecretMatch> {
    let mut inside = Inside { stream: outer.inside(), searching: false, name: String::new(), found: Vec::new() };
    if content.starts_with(b"PK\x03\x04") {
        inside.zip(&content);
        return inside.found;
    }
    if content.starts_with(b"\x1f\x8b") && !holds_tar(&content) {
        inside.text(path, &content);
        return inside.found;
    }
    let limits = Limits { entries: MAX_ENTRIES, layer_bytes: MAX_UNPACKED, ..Limits::default() };
    let layer = Layer::new("archive", Arc::new(MemoryBlob::new(content)));
    // Damage ends the walk; what was found before it counts.
    let _ = layer.walk(&limits, &mut inside);
    inside.found
}

/// Whether gzip holds a tar: its first block says so.
fn holds_tar(content: &[u8]) -> bool {
    let mut head = [0; 512];
    flate2::bufread::GzDecoder::new(content).read_exact(&mut head).is_ok() && &head[257..262] == b"ustar"
}

/// Searches one member after the other.
struct Inside<'r> {
    stream: SecretStream<'r>,
    searching: bool,
    name: String,
    found: Vec<SecretMatch>,
}

impl Inside<'_> {
    fn zip(&mut self, content: &[u8]) {
        let Ok(archive) = Archive::open(content) else { return };
        let mut budget = Budget::new();
        // Programs of Java are the most of most archives, and no texts.
        let (members, _) = archive.members(&mut budget, |name| !name.ends_with(b".class"));
        for member in members {
            self.begin(&member.name, u64::MAX);
            let stream = &mut self.stream;
            archive.stream(&member, &mut budget, |piece| stream.feed(piece));
            self.finish();
        }
    }

    /// A compressed text.
    fn text(&mut self, path: &[u8], content: &[u8]) {
        let name = path.strip_suffix(b".gz").unwrap_or(path);
        self.begin(model::path::file_name(name), u64::MAX);
        let mut decoder = flate2::bufread::MultiGzDecoder::new(content).take(MAX_UNPACKED);
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read) = decoder.read(&mut buffer) {
            if read == 0 || self.stream.feed(&buffer[..read]) == More::No {
                break;
            }
        }
        self.finish();
    }

    fn begin(&mut self, name: &[u8], size: u64) {
        model::path::display(name).trim_start_matches('/').clone_into(&mut self.name);
        self.searching = self.stream.begin(name, size);
    }

    fn finish(&mut self) {
        for mut secret in self.stream.finish().secrets {
            secret.inside = Some(match secret.inside.take() {
                Some(member) => format!("{}!{member}", self.name),
                None => self.name.clone(),
            });
            self.found.push(secret);
        }
    }
}

impl Visitor for Inside<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> Wish {
        if entry.kind != EntryKind::File {
            return Wish::Skip;
        }
        self.begin(entry.path, entry.size);
        if self.searching { Wish::Content } else { Wish::Skip }
    }

    fn content(&mut self, piece: &[u8]) -> More {
        self.stream.feed(piece)
    }

    fn end(&mut self, _complete: bool) {
        self.finish();
    }

    fn problem(&mut self, _problem: String) {}
}
