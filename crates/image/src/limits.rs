//! The bounds on everything that comes from an image. The bound that was reached is always reported.

use std::time::Duration;

/// Bounds on one image. The defaults let every honest image pass.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Entries of one layer that are looked at; past it the rest is skipped with a warning.
    pub entries: u64,
    /// Uncompressed bytes of one layer.
    pub layer_bytes: u64,
    /// Uncompressed over compressed size, judged once more than `ratio_floor` bytes came out.
    pub ratio: u64,
    /// Bytes below which the ratio is not judged.
    pub ratio_floor: u64,
    /// Layers of one image.
    pub layers: usize,
    /// Bytes of a manifest, index or configuration.
    pub manifest_bytes: u64,
    /// Indexes inside indexes.
    pub index_depth: usize,
    /// Length of a path in bytes.
    pub path_bytes: usize,
    /// Time for the whole image.
    pub timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000_000,
            layer_bytes: 1 << 40,
            ratio: 1200,
            ratio_floor: 1 << 30,
            layers: 1000,
            manifest_bytes: 16 << 20,
            index_depth: 8,
            path_bytes: 1 << 16,
            timeout: None,
        }
    }
}
