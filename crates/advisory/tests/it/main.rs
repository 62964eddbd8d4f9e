//! Tests of the advisory crate across its modules.

mod feeds;
