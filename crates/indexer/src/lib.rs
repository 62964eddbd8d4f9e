//! Walks each layer once and says what is in it.
//!
//! `index(layer) → LayerInventory` is a pure function of the layer's bytes and this crate's version; an image's
//! inventory is a fold over its layers. Nothing here knows the advisory database.

pub mod cache;
pub mod coalesce;
pub mod dispatch;
pub mod extractor;
pub mod index;
pub mod layer;
mod license;
mod memory;
pub mod notable;
pub mod path_hash;

pub mod binary;
pub mod language;
pub mod os;
pub mod sbom;
pub mod secret;
