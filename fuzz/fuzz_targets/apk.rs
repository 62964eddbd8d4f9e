//! apk and pacman databases. The first byte chooses the file that the rest is the content of.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FILES: &[(&str, &str)] = &[
    ("os/apk", "lib/apk/db/installed"),
    ("os/pacman", "var/lib/pacman/local/a-1-1/desc"),
    ("os/pacman", "var/lib/pacman/local/a-1-1/files"),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else { return };
    let (id, path) = FILES[usize::from(*first) % FILES.len()];
    for extractor in indexer::os::all().iter().filter(|extractor| extractor.id() == id) {
        indexer::extractor::run(extractor.as_ref(), path, content);
    }
});
