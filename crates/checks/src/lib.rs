//! Misconfigurations of what builds, describes and runs images. Each document is parsed once; every rule goes over it and is a
//! file of its own, with what it is about, a bad example and a good one, which are also its test.

pub mod dockerfile;
mod rule;

pub use rule::{Edit, Hit, Rule};
