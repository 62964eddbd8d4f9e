//! The database reader: every question, on a damaged or forged file.
#![no_main]

use std::io::Write as _;

use advisory::database::Database;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(data).is_err() {
        return;
    }
    let Ok(database) = Database::open(file.path()) else { return };
    let _ = database.verify();
    let namespaces: Vec<String> = database.namespaces().map(str::to_owned).collect();
    for namespace in namespaces.iter().take(20) {
        let _ = database.covers(namespace);
        for entry in database.entries(namespace, "openssl").unwrap_or_default() {
            let _ = (entry.advisory(), entry.aliases());
        }
    }
    let _ = (database.cve("CVE-2024-5535"), database.by_id("CVE-2024-5535"), database.vex("CVE-2024-5535"));
    let _ = database.search("pkg:deb/debian/openssl@3.0.11-1?distro=debian-12");
});
