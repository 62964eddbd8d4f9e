//! dpkg databases. The first byte chooses the file that the rest is the content of.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FILES: &[(&str, &str)] = &[
    ("os/dpkg", "var/lib/dpkg/status"),
    ("os/dpkg", "var/lib/dpkg/status.d/a"),
    ("os/dpkg", "var/lib/dpkg/status.d/a.md5sums"),
    ("os/dpkg", "var/lib/dpkg/info/a:amd64.list"),
    ("os/copyright", "usr/share/doc/a/copyright"),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else { return };
    let (id, path) = FILES[usize::from(*first) % FILES.len()];
    for extractor in indexer::os::all().iter().filter(|extractor| extractor.id() == id) {
        indexer::extractor::run(extractor.as_ref(), path, content);
    }
});
