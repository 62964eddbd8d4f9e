//! rpm databases: SQLite, ndb, Berkeley DB, the manifest of containers. The first byte chooses the file that the rest is the content of.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FILES: &[(&str, &str)] = &[
    ("os/rpm", "var/lib/rpm/rpmdb.sqlite"),
    ("os/rpm", "var/lib/rpm/Packages.db"),
    ("os/rpm", "var/lib/rpm/Packages"),
    ("os/rpm", "var/lib/rpmmanifest/container-manifest-2"),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else { return };
    let (id, path) = FILES[usize::from(*first) % FILES.len()];
    for extractor in indexer::os::all().iter().filter(|extractor| extractor.id() == id) {
        indexer::extractor::run(extractor.as_ref(), path, content);
    }
});
