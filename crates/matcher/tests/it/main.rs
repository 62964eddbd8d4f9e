//! Inventories held against databases that the tests write themselves.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod complaints;
mod explained;
mod gaps;
mod properties;
mod rank;
mod real;
mod rules;
mod vex;
mod world;
