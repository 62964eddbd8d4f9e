//! Tests of the advisory crate across its modules.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod build;
mod database;
mod feeds;
mod fuzz;
mod mirror;
mod samples;
mod update;
mod vex;
