//! The bounds on everything that comes from an image. The bound that was reached is always reported.

use std::time::Duration;

/// How far a layer may unpack.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// Uncompressed over compressed size.
    pub most: u64,
    /// Bytes below which it is not judged.
    pub floor: u64,
}

/// Bounds on one image. The defaults let every honest image pass.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Entries of one layer that are looked at; past it the rest is skipped with a warning.
    pub entries: u64,
    /// Uncompressed bytes of one layer.
    pub layer_bytes: u64,
    /// Uncompressed over compressed size, each judged once more bytes than its floor came out.
    pub ratios: [Ratio; 2],
    /// Bytes of holes of sparse files that are filled in for one layer: they cost the layer nothing.
    pub hole_bytes: u64,
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
            // Deflate cannot do the first, so it is zstd's and bzip2's bombs that end there. Honest layers do the second
            // alone with files of little but zeros, disk images at the most.
            ratios: [Ratio { most: 1200, floor: 1 << 30 }, Ratio { most: 200, floor: 16 << 30 }],
            hole_bytes: 1 << 30,
            layers: 1000,
            manifest_bytes: 16 << 20,
            index_depth: 8,
            path_bytes: 1 << 16,
            timeout: None,
        }
    }
}
