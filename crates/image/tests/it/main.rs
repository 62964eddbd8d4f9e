//! Opening images and walking layers, from outside.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop at what should not be")]

mod common;
mod docker;
mod hostile;
mod layer;
mod real;
mod registry;
mod rootfs;
mod source;
mod sparse;
