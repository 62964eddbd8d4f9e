//! Plain data and pure rules shared by every room of the house: no I/O, no clock, no async.
//!
//! Whatever two crates must agree on stands here: what a package is, what an advisory says, how versions are ordered,
//! what a finding carries. Nothing here knows a file format or a wire format, save the notations that *are* the rule
//! (digests, references, purls, `os-release`, versions).

pub mod advisory;
pub mod coverage;
pub mod digest;
pub mod distro;
pub mod exception;
pub mod finding;
pub mod host;
pub mod image;
pub mod inventory;
pub mod license;
pub mod misconfiguration;
pub mod notable;
pub mod package;
pub mod path;
pub mod platform;
pub mod pod_security;
pub mod purl;
pub mod reference;
pub mod report;
pub mod sbom;
pub mod secret;
pub mod severity;
pub mod suppression;
pub mod symbol;
pub mod usage;
pub mod version;
pub mod vex;
