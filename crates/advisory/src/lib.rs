//! Advisory feeds in, one read-only advisory database out.

pub mod build;
pub mod database;
pub mod eol;
pub mod feed;
pub mod mirror;
pub mod update;
pub mod vex;
