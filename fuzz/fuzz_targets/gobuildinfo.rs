//! Programs: Go build information, crates of cargo-auditable, known byte patterns.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for extractor in indexer::binary::all() {
        indexer::extractor::run(extractor.as_ref(), "usr/bin/program", data);
    }
});
