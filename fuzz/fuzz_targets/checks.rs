//! Dockerfiles, manifests of Kubernetes and Compose files.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = checks::manifest::check(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = checks::dockerfile::check(text);
    }
});
