//! Extractors of language ecosystems; adding one is adding a file and a line here.
//!
//! What is installed is read in images, what is locked in folders of source ([`lock`]).

use crate::extractor::{Extractor, Whole};

pub(crate) mod archive;
mod conda;
mod dotnet;
mod egg;
mod java;
mod javascript;
mod json;
mod listing;
mod lock;
mod php;
mod pom;
mod python;
mod r;
mod ruby;
mod yaml;

pub use conda::Conda;
pub use dotnet::DotNet;
pub use egg::Egg;
pub use java::Java;
pub(crate) use java::JavaWithTexts;
pub use javascript::JavaScript;
pub use php::Php;
pub use python::Python;
pub use r::R;
pub use ruby::Ruby;

/// Every extractor of the family.
pub fn all() -> Vec<Box<dyn Extractor>> {
    let installed: Vec<Box<dyn Extractor>> = vec![
        Box::new(Python),
        Box::new(Whole::<Conda>::new()),
        Box::new(Whole::<DotNet>::new()),
        Box::new(Whole::<Egg>::new()),
        Box::new(Whole::<Java>::new()),
        Box::new(Whole::<JavaScript>::new()),
        Box::new(Whole::<Php>::new()),
        Box::new(Whole::<R>::new()),
        Box::new(Whole::<Ruby>::new()),
    ];
    installed.into_iter().chain(lock::all()).collect()
}
