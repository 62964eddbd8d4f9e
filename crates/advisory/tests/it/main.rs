//! Tests of the advisory crate across its modules.

mod build;
mod database;
mod feeds;
mod fuzz;
mod mirror;
mod samples;
mod server;
mod update;
