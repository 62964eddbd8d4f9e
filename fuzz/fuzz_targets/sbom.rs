//! CycloneDX, SPDX and the statements around them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = indexer::sbom::parse(data);
});
