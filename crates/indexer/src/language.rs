//! Extractors of language ecosystems; adding one is adding a file and a line here.
//!
//! What is installed is read in images, what is locked in folders of source ([`lock`]).

use crate::extractor::{Extractor, Whole};

mod conda;
mod javascript;
mod json;
mod listing;
mod python;

pub use conda::Conda;
pub use javascript::JavaScript;
pub use python::Python;

/// Every extractor of the family.
pub fn all() -> Vec<Box<dyn Extractor>> {
    vec![Box::new(Python), Box::new(Whole::<Conda>::new()), Box::new(Whole::<JavaScript>::new())]
}
