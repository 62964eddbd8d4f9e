//! Tests of this crate as its users see it, on made and on real data.

mod binary;
mod language;
mod layer;
mod os;
mod sbom;
mod secrets;
