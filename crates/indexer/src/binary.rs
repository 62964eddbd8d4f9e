//! What compiled programs say about themselves. Adding an extractor is adding a file and a line here; adding a program
//! that is known by its bytes is adding a line to the table of [`classifier`].
//!
//! Programs are large and most of their bytes are code: every extractor reads the ELF head, works out which parts of the
//! file can matter to it and lets the rest pass unread.

mod classifier;
mod elf;
mod go;
mod release_file;
mod rust;

use crate::extractor::Extractor;

/// Every extractor of the family.
pub fn all() -> Vec<Box<dyn Extractor>> {
    vec![Box::new(classifier::Classifier), Box::new(go::Go), Box::new(release_file::ReleaseFile::new()), Box::new(rust::Rust)]
}
