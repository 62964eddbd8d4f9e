//! The verbs, one file each.

pub mod cache;
pub mod check;
pub mod completions;
pub mod convert;
pub mod db;
pub mod diff;
pub mod gate;
pub mod host;
pub mod man;
pub mod policy;
pub mod sbom;
pub mod scan;
pub mod version;
pub mod versions;
