//! How the program speaks to registries and engines; what every client of it shares is a room of its own.

pub use client::{ClientOptions, Environment};
