//! The advisory database: one read-only, memory-mapped, versioned, checksummed file.
