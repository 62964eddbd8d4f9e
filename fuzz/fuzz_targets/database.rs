//! The database reader: every question, on a damaged file, and on the same forged, with all its checksums right.
#![no_main]

use std::io::Write as _;

use advisory::database::Database;
use libfuzzer_sys::fuzz_target;

/// Bytes of the header and of a block under one checksum.
const BLOCK: usize = 4096;
const NAMES: [&str; 2] = ["openssl", "xen"];
const IDS: [&str; 3] = ["CVE-2023-0286", "DSA-5343-1", "PYSEC-2021-1"];

/// Makes all checksums right but the SHA-256, which [`Database::verify`] alone looks at.
fn forge(bytes: &mut [u8]) -> Option<()> {
    let table = usize::try_from(u64::from_le_bytes(bytes.get(32..40)?.try_into().ok()?)).ok()?;
    let sums: Vec<u8> = bytes.get(BLOCK..table)?.chunks(BLOCK).flat_map(|block| crc32fast::hash(block).to_le_bytes()).collect();
    bytes.get_mut(table..)?.get_mut(..sums.len())?.copy_from_slice(&sums);
    let sum = crc32fast::hash(bytes.get(table..)?);
    bytes.get_mut(40..44)?.copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(bytes.get(..BLOCK - 4)?);
    bytes.get_mut(BLOCK - 4..BLOCK)?.copy_from_slice(&sum.to_le_bytes());
    Some(())
}

fn ask(bytes: &[u8]) {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(bytes).is_err() {
        return;
    }
    let Ok(database) = Database::open(file.path()) else { return };
    let _ = database.verify();
    let namespaces: Vec<String> = database.namespaces().map(str::to_owned).collect();
    for namespace in namespaces.iter().take(20) {
        let _ = database.covers(namespace);
        for name in NAMES {
            for entry in database.entries(namespace, name).unwrap_or_default() {
                let _ = (entry.advisory(), entry.aliases());
            }
        }
    }
    for id in IDS {
        let _ = (database.cve(id), database.by_id(id), database.records(id).map(|records| records.len()), database.vex(id));
    }
    let _ = database.search("pkg:deb/debian/openssl@3.0.11-1?distro=debian-12");
}

fuzz_target!(|data: &[u8]| {
    ask(data);
    let mut bytes = data.to_vec();
    if forge(&mut bytes).is_some() {
        ask(&bytes);
    }
});
