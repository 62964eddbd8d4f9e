//! Manifests, indexes and configurations of images.
#![no_main]

use image::manifest::{Config, Manifest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(manifest) = Manifest::parse("manifest", data) {
        let _ = manifest.artifact();
    }
    if let Ok(config) = Config::parse("config", data) {
        let _ = config.platform();
    }
});
