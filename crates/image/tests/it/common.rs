//! A visitor that remembers, and short ways to walk.

use std::path::Path;
use std::sync::Arc;

use image::blob::MemoryBlob;
use image::{Entry, EntryKind, Error, Image, Layer, Limits, More, OpenOptions, Opened, Visitor, Walked, Wish};

/// One entry as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) kind: EntryKind,
    pub(crate) size: u64,
    pub(crate) mode: u32,
    pub(crate) link: String,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) complete: Option<bool>,
}

/// Remembers everything, and checks that calls come in the promised order.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) seen: Vec<Seen>,
    pub(crate) problems: Vec<String>,
    /// No content is asked for.
    pub(crate) blind: bool,
    /// Bytes of each file after which no more is wanted.
    pub(crate) at_most: Option<usize>,
    pub(crate) within: bool,
}

impl Visitor for Recorder {
    fn entry(&mut self, entry: &Entry<'_>) -> Wish {
        assert!(!self.within, "an entry before the end of the last");
        self.seen.push(Seen {
            path: String::from_utf8_lossy(entry.path).into_owned(),
            kind: entry.kind,
            size: entry.size,
            mode: entry.mode,
            link: String::from_utf8_lossy(entry.link).into_owned(),
            content: None,
            complete: None,
        });
        self.within = entry.kind == EntryKind::File && !self.blind;
        if self.blind { Wish::Skip } else { Wish::Content }
    }

    fn content(&mut self, piece: &[u8]) -> More {
        assert!(self.within && !piece.is_empty());
        let seen = self.seen.last_mut().expect("content belongs to an entry");
        let content = seen.content.get_or_insert_default();
        content.extend_from_slice(piece);
        if self.at_most.is_some_and(|most| content.len() >= most) { More::No } else { More::Yes }
    }

    fn end(&mut self, complete: bool) {
        assert!(self.within, "an end of nothing");
        self.within = false;
        self.seen.last_mut().expect("an end belongs to an entry").complete = Some(complete);
    }

    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }
}

impl Recorder {
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.seen.iter().map(|seen| seen.path.as_str()).collect()
    }

    pub(crate) fn get(&self, path: &str) -> &Seen {
        self.seen.iter().find(|seen| seen.path == path).unwrap_or_else(|| panic!("{path} in {:?}", self.paths()))
    }

    /// All calls were closed.
    pub(crate) fn settled(&self) -> bool {
        !self.within
    }
}

/// A layer of these bytes.
pub(crate) fn layer(bytes: &[u8]) -> Layer {
    Layer::new("layer 1", Arc::new(MemoryBlob::new(bytes)))
}

/// Walks bytes with the default limits.
pub(crate) fn walk(bytes: &[u8]) -> (Result<Walked, Error>, Recorder) {
    walk_with(bytes, &Limits::default())
}

/// Walks bytes.
pub(crate) fn walk_with(bytes: &[u8], limits: &Limits) -> (Result<Walked, Error>, Recorder) {
    let mut recorder = Recorder::default();
    let walked = layer(bytes).walk(limits, &mut recorder);
    assert!(recorder.settled());
    (walked, recorder)
}

/// Opens the only image of a target, and the notes.
pub(crate) fn open(path: &Path) -> (Image, Vec<String>) {
    images(&path.display().to_string(), &OpenOptions::default()).map(|(mut images, notes)| (images.remove(0), notes)).unwrap()
}

/// Opens the images of a target.
pub(crate) fn images(target: &str, options: &OpenOptions) -> Result<(Vec<Image>, Vec<String>), Error> {
    match image::open(target, options)? {
        Opened::Images { images, notes, .. } => Ok((images, notes)),
        other => panic!("{other:?}"),
    }
}

/// Walks every layer of an image.
pub(crate) fn walk_image(image: &Image) -> Vec<Recorder> {
    image
        .layers
        .iter()
        .map(|layer| {
            let mut recorder = Recorder::default();
            let walked = layer.walk(&Limits::default(), &mut recorder).unwrap();
            assert_eq!(Some(walked.diff_id), layer.diff_id);
            recorder
        })
        .collect()
}
