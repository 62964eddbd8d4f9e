//! Misconfigurations of what builds, describes and runs images. Each document is parsed once; every rule goes over it and is a
//! file of its own, with what it is about, a bad example and a good one, which are also its test.

mod capability;
mod commands;
pub mod compose;
pub mod dockerfile;
mod found;
pub mod host;
mod host_path;
mod image;
pub mod image_config;
pub mod kubernetes;
pub mod manifest;
mod rule;
mod secret;
pub mod yaml;

pub use found::{Found, misconfiguration};
pub use rule::{Edit, Hit, Rule};
