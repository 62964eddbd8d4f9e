//! Lock files: what a project will install. They are read in folders of source alone; inside an image what is installed
//! counts, and a lock file that was copied along says nothing of it.

use crate::extractor::{Extractor, Whole};

mod bun;
mod bundler;
mod cargo;
mod cocoapods;
mod composer;
mod conan;
mod go;
mod gradle;
mod haskell;
mod maven;
mod mix;
mod npm;
mod nuget;
mod pipfile;
mod pnpm;
mod pubspec;
mod python;
mod renv;
mod requirements;
mod sbt;
mod swift;
mod toml;
mod yarn;

/// Why no feed judges a package that a project takes from a folder or a git repository.
const NO_RELEASE: &str = "not a release of its registry";

/// Every reader of a lock file.
pub(super) fn all() -> Vec<Box<dyn Extractor>> {
    vec![
        Box::new(Whole::<bun::Bun>::new()),
        Box::new(Whole::<bundler::Bundler>::new()),
        Box::new(Whole::<cargo::CargoLock>::new()),
        Box::new(Whole::<cocoapods::CocoaPods>::new()),
        Box::new(Whole::<composer::Composer>::new()),
        Box::new(Whole::<conan::Conan>::new()),
        Box::new(Whole::<go::Go>::new()),
        Box::new(Whole::<gradle::Gradle>::new()),
        Box::new(Whole::<haskell::Haskell>::new()),
        Box::new(Whole::<maven::Maven>::new()),
        Box::new(Whole::<mix::Mix>::new()),
        Box::new(Whole::<npm::Npm>::new()),
        Box::new(Whole::<nuget::NuGet>::new()),
        Box::new(Whole::<pipfile::Pipfile>::new()),
        Box::new(Whole::<pnpm::Pnpm>::new()),
        Box::new(Whole::<pubspec::Pubspec>::new()),
        Box::new(Whole::<python::PythonLock>::new()),
        Box::new(Whole::<renv::Renv>::new()),
        Box::new(Whole::<requirements::Requirements>::new()),
        Box::new(Whole::<sbt::Sbt>::new()),
        Box::new(Whole::<swift::Swift>::new()),
        Box::new(Whole::<yarn::Yarn>::new()),
    ]
}
