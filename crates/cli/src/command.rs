//! The verbs, one file each.

pub mod cache;
pub mod completions;
pub mod db;
pub mod gate;
pub mod man;
pub mod policy;
pub mod sbom;
pub mod scan;
pub mod version;
pub mod versions;
