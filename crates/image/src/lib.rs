//! Opens an image from any source and streams its layers: digest-verified, bounded, each byte read once.
//!
//! What a walk meets is pushed to a [`Visitor`], so that the same indexing code serves tar layers of any compression,
//! a root file system on disk and a folder of source.

pub mod entry;
pub mod limits;

pub use entry::{Entry, EntryKind, More, Visitor, Wish};
pub use limits::Limits;
