//! Layers and images that mean harm: bounded, never a panic, never silence.

use std::time::{Duration, Instant};

use image::{Error, Limits, OpenOptions, Ratio};
use proptest::prelude::*;
use testing::image::{Compression, Image, Layout, gzip, sha256};
use testing::tar::Tar;

use crate::common::{Recorder, images, layer, walk, walk_with};

#[test]
fn names_never_leave_the_root() {
    let bytes = Tar::new()
        .file("../../etc/passwd", "x")
        .file("/etc/shadow", "x")
        .hardlink("a", "../../../etc/shadow")
        .whiteout("../../../usr")
        .bytes();
    let (walked, seen) = walk(&bytes);
    walked.unwrap();
    assert_eq!(seen.paths(), ["etc/passwd", "etc/shadow", "a", "usr"]);
    assert_eq!(seen.get("a").link, "etc/shadow");
}

#[test]
fn bombs_are_refused() {
    let zeros = Tar::new().file("zeros", vec![0; 64 << 20]).bytes();
    let limits = Limits { ratios: [Ratio { most: 500, floor: 1 << 20 }; 2], ..Limits::default() };
    for compression in [Compression::Gzip, Compression::Zstd] {
        let bytes = compression.compress(&zeros);
        match walk_with(&bytes, &limits).0 {
            Err(Error::Limit { object, .. }) => assert_eq!(object, "layer 1"),
            other => panic!("{compression:?}: {other:?}"),
        }
        assert!(walk(&bytes).0.is_ok(), "{compression:?}: 64 MiB of zeros alone are none");
    }
    let limits = Limits { layer_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(walk_with(&zeros, &limits).0, Err(Error::Limit { .. })));
}

#[test]
fn a_zstd_window_beyond_128_mib_is_refused() {
    // A frame header that asks for a window of 2 GiB: descriptor 0, window descriptor exponent 21.
    let bytes = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00];
    assert!(matches!(walk(&bytes).0, Err(Error::Corrupt { .. })));
}

#[test]
fn holes_have_a_budget() {
    let map = b"18446744073709551000,100";
    let bytes = Tar::new()
        .pax(&[("GNU.sparse.major", b"0"), ("GNU.sparse.size", b"18446744073709551615"), ("GNU.sparse.map", map)])
        .entry(b"huge", b'0', b"", 100)
        .content(&[1; 100])
        .file("after", "x")
        .bytes();
    let begin = Instant::now();
    let limits = Limits { hole_bytes: 1 << 20, ..Limits::default() };
    let (walked, seen) = walk_with(&bytes, &limits);
    walked.unwrap();
    assert_eq!(seen.get("huge").complete, Some(false));
    assert_eq!(seen.get("after").complete, Some(true));
    assert_eq!(seen.problems.len(), 1);
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn overlong_names_and_headers() {
    let long = "x".repeat(100_000);
    let mut tar = Tar::new();
    for _ in 0..50 {
        tar = tar.file(&long, "x");
    }
    let (walked, seen) = walk(&tar.file("after", "x").bytes());
    assert_eq!(walked.unwrap().entries, 1);
    assert_eq!(seen.problems.len(), 20, "problems are bounded");
    let bytes = Tar::new().extension(b'x', &b"1".repeat((1 << 20) + 1)).file("after", "x").bytes();
    assert!(matches!(walk(&bytes).0, Err(Error::Corrupt { .. })));
}

#[test]
fn lies_about_size() {
    for size in [1 << 40, u64::MAX / 2, u64::MAX - 100, u64::MAX] {
        let bytes = Tar::new().entry(b"a", b'0', b"", size).content(b"short").bytes();
        let (walked, seen) = walk(&bytes);
        assert!(matches!(walked, Err(Error::Corrupt { .. })), "{size}: {walked:?}");
        assert!(seen.seen.iter().all(|seen| seen.complete == Some(false)));
    }
}

#[test]
fn time_is_bounded() {
    let limits = Limits { timeout: Some(Duration::ZERO), ..Limits::default() };
    let (walked, _) = walk_with(&Tar::new().file("a", vec![1; 1 << 20]).bytes(), &limits);
    assert!(matches!(walked, Err(Error::Timeout { .. })));
}

#[test]
fn truncated_anywhere() {
    let tar = Tar::new()
        .directory("a")
        .file("a/one", vec![1; 700])
        .pax(&[("path", b"long/name")])
        .file("x", "2")
        .hardlink("b", "a/one")
        .extension(b'L', b"gnu-name\0")
        .file("y", vec![3; 512])
        .bytes();
    let whole = walk(&tar).1;
    for end in (0..tar.len()).step_by(512).chain([100, 513, 1030, 1500]) {
        let cut = &tar[..end];
        let (walked, seen) = walk(cut);
        // A cut between two entries leaves a tar; then the missing end marker is said, or the digest tells.
        if walked.is_ok() && end > 0 && seen.seen.len() < whole.seen.len() {
            assert_eq!(seen.problems.len(), 1, "cut at {end}");
        }
        let mut layer = layer(cut);
        layer.diff_id = Some(sha256(&tar).parse().unwrap());
        assert!(layer.walk(&Limits::default(), &mut Recorder::default()).is_err(), "cut at {end}");
    }
    for compressed in [gzip(&tar), Compression::Zstd.compress(&tar)] {
        for end in 8..compressed.len() {
            assert!(walk(&compressed[..end]).0.is_err(), "compressed, cut at {end}");
        }
    }
}

#[test]
fn a_checksum_that_is_wrong_names_the_layer() {
    let mut bytes = Tar::new().file("a", "x").file("b", "y").bytes();
    bytes[1024] ^= 1;
    match walk(&bytes).0 {
        Err(Error::Corrupt { object, reason }) => {
            assert_eq!(object, "layer 1");
            assert!(reason.contains("checksum") && reason.contains("1024"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_index_nested_a_hundred_deep() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(folder.path());
    let mut descriptor = layout.image(&Image::new().layer(Tar::new().file("a", "x")), Compression::Gzip);
    for depth in 0..100 {
        descriptor = layout.index(&[descriptor]);
        if depth < 7 {
            layout.finish(&[descriptor.clone()]);
            assert!(images(&folder.path().display().to_string(), &OpenOptions::default()).is_ok(), "{depth}");
        }
    }
    layout.finish(&[descriptor]);
    let opened = images(&folder.path().display().to_string(), &OpenOptions::default());
    assert!(matches!(opened, Err(Error::Limit { .. })), "{opened:?}");
}

#[test]
fn an_index_that_doubles_at_every_level() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(folder.path());
    let mut descriptor = layout.image(&Image::new().layer(Tar::new().file("a", "x")), Compression::Gzip);
    for _ in 0..7 {
        descriptor = layout.index(&vec![descriptor; 50]);
    }
    layout.finish(&[descriptor]);
    assert_eq!(images(&folder.path().display().to_string(), &OpenOptions::default()).unwrap().0.len(), 1);
}

fn anything() -> Vec<u8> {
    let sparse = b"2\n0\n512\n1024\n3\n";
    let mut map = sparse.to_vec();
    map.resize(512, 0);
    Tar::new()
        .directory("etc")
        .file("etc/passwd", "root")
        .pax(&[("path", b"a/long/name"), ("size", b"4")])
        .entry(b"x", b'0', b"", 4)
        .content(b"abcd")
        .extension(b'L', b"gnu\0")
        .entry(b"y", b'2', b"target", 0)
        .pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.realsize", b"1027"), ("GNU.sparse.name", b"sparse")])
        .entry(b"z", b'0', b"", 512 + 515)
        .raw(&map)
        .content(&[9; 515])
        .header(b"old", b'S', b"", 3, |block| {
            block[386..397].copy_from_slice(b"00000001000");
            block[398..409].copy_from_slice(b"00000000003");
            block[483..494].copy_from_slice(b"00000002000");
        })
        .content(b"xyz")
        .whiteout("gone")
        .bytes()
}

#[test]
fn the_sample_is_whole() {
    let (walked, seen) = walk(&anything());
    walked.unwrap();
    assert_eq!(seen.paths(), ["etc", "etc/passwd", "a/long/name", "gnu", "sparse", "old", "gone"]);
    assert!(seen.problems.is_empty());
    let sparse = seen.get("sparse").content.clone().unwrap();
    assert_eq!(sparse, [vec![9; 512], vec![0; 512], vec![9; 3]].concat());
    let old = seen.get("old").content.clone().unwrap();
    assert_eq!(old, [vec![0; 512], b"xyz".to_vec(), vec![0; 1024 - 515]].concat());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn bits_flip(flips in prop::collection::vec((0..10_000_usize, 0..8_u8), 1..6), fix in any::<bool>()) {
        let mut bytes = anything();
        for (at, bit) in flips {
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            // With a right checksum the damage gets further.
            if fix && at % 512 < 500 {
                let block = at / 512 * 512;
                let header = &mut bytes[block..block + 512];
                if &header[257..262] == b"ustar" {
                    header[148..156].fill(b' ');
                    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
                    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
                }
            }
        }
        let limits = Limits { hole_bytes: 1 << 20, ..Limits::default() };
        let _ = walk_with(&bytes, &limits);
        let mut gzipped = gzip(&anything());
        let at = bytes[148] as usize * 7 % gzipped.len();
        gzipped[at] ^= 1;
        let _ = walk_with(&gzipped, &limits);
        let mut zstd = Compression::Zstd.compress(&anything());
        let at = bytes[149] as usize * 7 % zstd.len();
        zstd[at] ^= 1;
        let _ = walk_with(&zstd, &limits);
    }

    #[test]
    fn noise(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let limits = Limits { hole_bytes: 1 << 20, ..Limits::default() };
        let _ = walk_with(&bytes, &limits);
        for magic in [&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"BZh9", b"\xfd7zXZ\0"] {
            let _ = walk_with(&[magic, &bytes].concat(), &limits);
        }
    }

    /// Whatever the pieces, the same is told.
    #[test]
    fn sizes_do_not_matter(sizes in prop::collection::vec(0..900_000_usize, 1..6)) {
        let mut tar = Tar::new();
        for (number, size) in sizes.iter().enumerate() {
            tar = tar.file(&format!("f{number}"), vec![number as u8 + 1; *size]);
        }
        let (walked, seen) = walk(&Compression::Zstd.compress(&tar.bytes()));
        walked.unwrap();
        for (number, size) in sizes.iter().enumerate() {
            let content = seen.get(&format!("f{number}")).content.clone().unwrap_or_default();
            prop_assert_eq!(content, vec![number as u8 + 1; *size]);
        }
    }
}
