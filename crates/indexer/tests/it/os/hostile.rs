//! Whatever the bytes, every reader comes back, soon and without a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{fixture, read};

/// A well-formed file for each reader and each of its formats.
fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let blobs = [fixture::header("small", Some(1), 2), fixture::header("large", None, 300)];
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("os/rpm", "var/lib/rpm/rpmdb.sqlite", fixture::sqlite(&blobs)),
        ("os/rpm", "var/lib/rpm/Packages.db", fixture::ndb(&blobs)),
        ("os/rpm", "var/lib/rpm/Packages", fixture::bdb(&blobs, false)),
        ("os/rpm", "var/lib/rpm/Packages", fixture::bdb(&blobs, true)),
        ("os/rpm", "var/lib/rpmmanifest/container-manifest-2", text("a\t1-2\t1\t1\tV\t(none)\t5\tnoarch\t0\ta-1-2.src.rpm\n")),
        (
            "os/dpkg",
            "var/lib/dpkg/status",
            text("Package: a\nStatus: install ok installed\nSource: b (1)\nVersion: 1:2\nArchitecture: all\n\nPackage: c\n"),
        ),
        ("os/dpkg", "var/lib/dpkg/status.d/a", text("Package: a\nVersion: 1:2\n")),
        ("os/dpkg", "var/lib/dpkg/status.d/a.md5sums", text("d41d8cd98f00b204e9800998ecf8427e  usr/a\n")),
        ("os/dpkg", "var/lib/dpkg/info/a:amd64.list", text("/.\n/usr\n/usr/a\n")),
        (
            "os/copyright",
            "usr/share/doc/a/copyright",
            text("Format: 1.0\nLicense: GPL-2+ or Expat, and Zlib\n\nFiles: *\nSee /usr/share/common-licenses/GPL-2.\n"),
        ),
        ("os/apk", "lib/apk/db/installed", text("P:a\nV:1-r0\nA:x86_64\no:b\nF:usr\nR:a\nR:b\n\nP:c\nV:2\n\n")),
        ("os/pacman", "var/lib/pacman/local/a-1-1/desc", text("%NAME%\na\n\n%VERSION%\n1-1\n\n%LICENSE%\nMIT\n\n")),
        ("os/pacman", "var/lib/pacman/local/a-1-1/files", text("%FILES%\nusr/\nusr/a\n\n")),
        ("os/os-release", "etc/os-release", text("ID=debian\nVERSION=\"12 (bookworm)\"\nVERSION_ID='12'\n")),
        ("os/os-release", "etc/redhat-release", text("Red Hat Enterprise Linux release 8.4 (Ootpa)\n")),
        ("os/os-release", "etc/lsb-release", text("DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\n")),
        ("os/os-release", "etc/debian_version", text("trixie/sid\n")),
        ("os/os-release", "etc/SuSE-release", text("openSUSE 13.2 (x86_64)\nVERSION = 13.2\n")),
    ]
}

#[test]
fn every_truncation_and_every_flipped_byte() {
    let start = Instant::now();
    for (id, path, seed) in seeds() {
        let whole = read(id, path, &seed);
        assert!(
            !whole.packages.is_empty() || !whole.owned.is_empty() || !whole.licenses.is_empty() || whole.distro.is_some(),
            "{path}"
        );
        let step = seed.len().div_ceil(2000);
        for at in (0..seed.len()).step_by(step) {
            read(id, path, &seed[..at]);
            for mask in [0x01, 0x80, 0xff] {
                let mut damaged = seed.clone();
                damaged[at] ^= mask;
                read(id, path, &damaged);
            }
        }
    }
    assert!(start.elapsed() < Duration::from_secs(120));
}

#[test]
fn cut_databases_say_so_and_keep_what_they_have() {
    for (id, path, seed) in seeds().into_iter().filter(|(_, path, _)| path.starts_with("var/lib/rpm/")) {
        let found = read(id, path, &seed[..seed.len() - 700]);
        assert_eq!(found.problems.len(), 1, "{path}: {found:?}");
        assert_eq!(found.packages.len(), 1, "{path}: {found:?}");
    }
    let text = read("os/rpm", "var/lib/rpm/Packages", b"no database at all");
    assert_eq!(text.problems, ["one record could not be read: it is none of the database formats that rpm has had"]);
}

#[test]
fn pages_that_go_in_circles() {
    let blobs = [fixture::header("first", None, 3000), fixture::header("second", None, 3000)];
    // The interior page of the SQLite file names itself as its right-most child.
    let mut sqlite = fixture::sqlite(&blobs);
    sqlite[512 + 8..512 + 12].copy_from_slice(&2u32.to_be_bytes());
    // The second package's chain of overflow pages begins with its own first page again.
    let mut bdb = fixture::bdb(&blobs, false);
    let last_page = bdb.len() - 1024;
    bdb[last_page - 1024 + 16..last_page - 1024 + 20].copy_from_slice(&((last_page / 1024 - 1) as u32).to_le_bytes());
    // Both slots of the ndb file name the first package's blocks.
    let mut ndb = fixture::ndb(&blobs);
    ndb.copy_within(48..64, 64);
    ndb.truncate(4096 + blobs[0].len() + 100);
    for (path, content) in [("rpmdb.sqlite", sqlite), ("Packages", bdb), ("Packages.db", ndb)] {
        let found = read("os/rpm", &format!("var/lib/rpm/{path}"), &content);
        assert_eq!(found.packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["first"], "{path}");
        assert_eq!(found.problems.len(), 1, "{path}: {:?}", found.problems);
    }
}

/// Many cells that share one large record: each byte would be read 30,000 times.
#[test]
fn overlapping_records_cost_no_more_than_the_file() {
    const PAGE: usize = 65536;
    let header = vec![0; 32000];
    let mut file = vec![0; PAGE * 40];
    file[..512].copy_from_slice(&fixture::sqlite(&[header])[..512]);
    // The schema's one cell moves to the end of the larger page.
    let cell = usize::from(u16::from_be_bytes([file[108], file[109]]));
    file.copy_within(cell..512, PAGE - (512 - cell));
    file[108..110].copy_from_slice(&((PAGE - (512 - cell)) as u16).to_be_bytes());
    file[16..18].copy_from_slice(&1u16.to_be_bytes());
    // Page 2: an interior page over all others.
    file[PAGE] = 5;
    file[PAGE + 4] = 37;
    file[PAGE + 8..PAGE + 12].copy_from_slice(&40u32.to_be_bytes());
    for child in 0..37 {
        let at = PAGE * 2 - (child + 1) * 5;
        file[PAGE + 12 + child * 2..][..2].copy_from_slice(&((at - PAGE) as u16).to_be_bytes());
        file[at..at + 4].copy_from_slice(&(child as u32 + 3).to_be_bytes());
    }
    for page in 2..40 {
        let start = page * PAGE;
        file[start] = 13;
        file[start + 3..start + 5].copy_from_slice(&15000u16.to_be_bytes());
        for cell in 0..15000 {
            file[start + 8 + cell * 2..][..2].copy_from_slice(&32000u16.to_be_bytes());
        }
        // A row of one blob of 30,000 bytes: a header whose 1,800 entries hold none of the tags asked for.
        let row = [&[0x81, 0xea, 0x35][..], &[1, 5, 0, 0x83, 0xd4, 0x6c]].concat();
        file[start + 32000..start + 32000 + row.len()].copy_from_slice(&row);
        let blob = start + 32000 + row.len();
        file[blob..blob + 4].copy_from_slice(&1800u32.to_be_bytes());
    }
    let start = Instant::now();
    let found = read("os/rpm", "var/lib/rpm/rpmdb.sqlite", &file);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(found.packages.is_empty() && found.problems.len() == 1, "{:?}", found.problems);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        for (id, path, seed) in seeds() {
            read(id, path, &bytes);
            // Behind the right beginning they get further.
            let mut begun = seed[..seed.len().min(64)].to_vec();
            begun.extend(&bytes);
            read(id, path, &begun);
        }
    }

    #[test]
    fn many_damages(damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        for (id, path, mut seed) in seeds() {
            for (at, byte) in &damages {
                let at = at.index(seed.len());
                seed[at] = *byte;
            }
            read(id, path, &seed);
        }
    }
}
