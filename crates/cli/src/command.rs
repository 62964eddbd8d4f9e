//! The verbs, one file each.

pub mod cache;
pub mod completions;
pub mod db;
pub mod man;
pub mod sbom;
pub mod scan;
pub mod version;
pub mod versions;
