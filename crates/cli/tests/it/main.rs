//! The program as a user meets it, and the rules that hold for the whole workspace.
#![allow(clippy::unwrap_used, reason = "a test stops at what it cannot do")]

mod architecture;
mod bad_input;
mod baseline;
mod cache;
mod cargo_audit;
mod check;
mod command;
mod determinism;
mod diff;
mod docker_plugin;
mod exceptions;
mod exit_codes;
mod filters;
mod fixture;
mod gate;
mod host;
mod image_config;
mod licenses;
mod mirror;
mod offline;
mod packages;
mod pipeline;
mod platforms;
mod readme;
mod round_trip;
mod secret_rules;
mod secrets;
mod settings;
mod stored;
