//! What a walk over a layer or a folder meets, and who it tells.

/// The kind of an entry, whiteouts recognised
/// (<https://github.com/opencontainers/image-spec/blob/main/layer.md#representing-changes>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, sparse ones included; its content is expanded.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; `link` holds its target as stored.
    Symlink,
    /// A hard link to another name of the same layer; `link` holds that name, normalised.
    Hardlink,
    /// The name (already without `.wh.`) is deleted from the layers below.
    Whiteout,
    /// The directory hides everything that lower layers put into it.
    Opaque,
    /// Device, fifo, socket.
    Other,
}

/// One entry. Paths are normalised ([`model::path::normalize`]).
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Where it is.
    pub path: &'a [u8],
    /// What it is.
    pub kind: EntryKind,
    /// Length of the content in bytes, for files.
    pub size: u64,
    /// Permission bits, set-uid, set-gid and sticky included.
    pub mode: u32,
    /// Target of a link, else empty.
    pub link: &'a [u8],
}

/// Whether the content of an entry is worth bringing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// No.
    Skip,
    /// Yes: [`Visitor::content`] is called until it answers [`More::No`] or the content ends.
    Content,
}

/// Whether to go on with the content of the current entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Go on.
    Yes,
    /// The rest is of no interest.
    No,
}

/// Who is told what a walk meets. Calls come from one thread, in the order of the layer.
pub trait Visitor {
    /// A new entry. Only for files does the answer matter.
    fn entry(&mut self, entry: &Entry<'_>) -> Wish;
    /// The next piece of the current file's content; pieces are never empty and follow each other without a gap.
    fn content(&mut self, piece: &[u8]) -> More;
    /// The current file is done; `complete` is false where its content was cut short (a read error, a limit).
    /// Called once for each entry that answered [`Wish::Content`].
    fn end(&mut self, complete: bool);
    /// Something could not be looked at: one sentence, for the report's warnings.
    fn problem(&mut self, problem: String);
}
