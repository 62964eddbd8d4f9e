//! Advisory feeds in, one read-only advisory database out.

pub mod database;
pub mod feed;
