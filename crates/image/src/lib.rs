//! Opens an image from any source and streams its layers: digest-verified, bounded, each byte read once.
//!
//! What a walk meets is pushed to a [`Visitor`], so that the same indexing code serves tar layers of any compression,
//! a root file system on disk and a folder of source.

pub mod blob;
pub mod client;
mod decompress;
pub mod engine;
pub mod entry;
mod error;
pub mod hash;
pub mod layer;
pub mod limits;
pub mod manifest;
mod pipeline;
pub mod rootfs;
pub mod source;
mod tar;

pub use blob::Blob;
pub use entry::{Entry, EntryKind, More, Visitor, Wish};
pub use error::Error;
pub use layer::{Layer, Walked};
pub use limits::{Limits, Ratio};
pub use source::{Image, OpenOptions, Opened, PlatformChoice, RootFs, open};
