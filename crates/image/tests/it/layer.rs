//! Layers as they are: every kind of entry, every compression.

use image::EntryKind as Kind;
use image::{Error, Limits, More, Visitor, Wish};
use testing::image::{Compression, gzip, sha256};
use testing::tar::Tar;

use crate::common::{Recorder, layer, walk, walk_with};

fn odd() -> Tar {
    Tar::new()
        .directory("./")
        .directory("./etc/")
        .file("./etc/passwd", "root")
        .mode(0o4755)
        .file("bin/su", "x")
        .hardlink("bin/sudo", "./bin/su")
        .symlink("lib", "/usr/lib")
        .entry(b"dev/null", b'3', b"", 0)
        .file("empty", "")
        .whiteout("etc/shadow")
        .whiteout("top")
        .opaque("opt")
        .file(".wh..wh.plnk", "")
        .file("a/.wh.", "")
        .file(&format!("{}/{}", "d".repeat(120), "f".repeat(140)), "long")
}

#[test]
fn tells_every_kind_of_entry() {
    let (walked, seen) = walk(&odd().bytes());
    let walked = walked.unwrap();
    let told: Vec<(&str, Kind)> = seen.seen.iter().map(|seen| (seen.path.as_str(), seen.kind)).collect();
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(140));
    assert_eq!(
        told,
        [
            ("etc", Kind::Directory),
            ("etc/passwd", Kind::File),
            ("bin/su", Kind::File),
            ("bin/sudo", Kind::Hardlink),
            ("lib", Kind::Symlink),
            ("dev/null", Kind::Other),
            ("empty", Kind::File),
            ("etc/shadow", Kind::Whiteout),
            ("top", Kind::Whiteout),
            ("opt", Kind::Opaque),
            (long.as_str(), Kind::File),
        ]
    );
    assert_eq!(walked.entries, 11);
    assert_eq!(seen.get("etc/passwd").content.as_deref(), Some(&b"root"[..]));
    assert_eq!((seen.get("bin/su").mode, seen.get("bin/sudo").link.as_str()), (0o4755, "bin/su"));
    assert_eq!((seen.get("lib").link.as_str(), seen.get("empty").complete), ("/usr/lib", Some(true)));
    assert_eq!(seen.problems.len(), 1, "{:?}", seen.problems);
}

#[test]
fn tells_the_same_through_every_compression() {
    let plain = odd().bytes();
    let (expected, seen) = walk(&plain);
    let expected = expected.unwrap();
    assert_eq!(expected.diff_id.to_string(), sha256(&plain));
    let (left, right) = plain.split_at(1000);
    let zstd = |bytes| Compression::Zstd.compress(bytes);
    let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(&plain)].concat();
    for (name, bytes) in [
        ("gzip", gzip(&plain)),
        ("gzip in two members", [gzip(left), gzip(right)].concat()),
        ("gzip with an empty member and filling", [gzip(left), gzip(b""), gzip(right), vec![0; 700]].concat()),
        ("zstd", zstd(&plain)),
        ("zstd in two frames", [zstd(left), zstd(right)].concat()),
        ("zstd after a skippable frame", skippable),
    ] {
        let mut layer = layer(&bytes);
        layer.digest = Some(sha256(&bytes).parse().unwrap());
        layer.diff_id = Some(expected.diff_id);
        let mut recorder = Recorder::default();
        let walked = layer.walk(&Limits::default(), &mut recorder);
        assert_eq!(walked.unwrap(), expected, "{name}");
        assert_eq!(recorder.seen, seen.seen, "{name}");
    }
}

#[test]
fn bzip2_and_xz_by_their_own_tools() {
    let plain = odd().bytes();
    let (_, expected) = walk(&plain);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.tar"), &plain).unwrap();
    for (program, extension) in [("bzip2", "bz2"), ("xz", "xz")] {
        let Some(mut command) = testing::tool(program, &["--version"]) else { continue };
        assert!(command.arg("-k").arg(folder.path().join("a.tar")).status().unwrap().success());
        let (walked, seen) = walk(&std::fs::read(folder.path().join(format!("a.tar.{extension}"))).unwrap());
        assert_eq!((walked.unwrap().bytes, seen.seen), (plain.len() as u64, expected.seen.clone()), "{program}");
    }
}

#[test]
fn wrong_digests_name_the_layer() {
    let plain = odd().bytes();
    let wrong = sha256(b"something else").parse().unwrap();
    for bytes in [plain.clone(), gzip(&plain)] {
        let mut blob = layer(&bytes);
        blob.digest = Some(wrong);
        let mut content = layer(&bytes);
        content.diff_id = Some(wrong);
        for (layer, object) in [(blob, "layer 1"), (content, "the uncompressed content of layer 1")] {
            match layer.walk(&Limits::default(), &mut Recorder::default()) {
                Err(Error::WrongDigest { object: named, expected, .. }) => {
                    assert_eq!((named.as_str(), expected), (object, wrong.to_string()));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn sha512_is_a_digest_too() {
    let plain = odd().bytes();
    let (walked, _) = walk(&plain);
    let mut by_512 = layer(&plain);
    by_512.digest = Some(format!("sha512:{}", "0".repeat(128)).parse().unwrap());
    by_512.diff_id = Some(walked.unwrap().diff_id);
    let Err(Error::WrongDigest { actual, .. }) = by_512.walk(&Limits::default(), &mut Recorder::default()) else { panic!() };
    by_512.digest = Some(actual.parse().unwrap());
    by_512.walk(&Limits::default(), &mut Recorder::default()).unwrap();
}

#[test]
fn a_visitor_may_have_enough() {
    let big = vec![7; 3 << 20];
    let bytes = Tar::new().file("big", &big).file("small", "1").bytes();
    let mut recorder = Recorder { at_most: Some(1), ..Recorder::default() };
    layer(&bytes).walk(&Limits::default(), &mut recorder).unwrap();
    let first = recorder.get("big");
    assert!(first.content.as_ref().is_some_and(|content| content.len() < big.len()) && first.complete == Some(true));
    assert_eq!(recorder.get("small").content.as_deref(), Some(&b"1"[..]));
    let (_, all) = walk(&bytes);
    assert_eq!(all.get("big").content.as_deref(), Some(&big[..]));
}

#[test]
fn names_in_every_dialect() {
    let long = "n".repeat(300);
    let target = "t".repeat(200);
    let bytes = Tar::new()
        // POSIX: two parts.
        .header(b"name", b'0', b"", 0, |block| block[345..351].copy_from_slice(b"prefix"))
        // GNU: times where POSIX has the prefix.
        .header(b"gnu", b'0', b"", 0, |block| {
            block[257..265].copy_from_slice(b"ustar  \0");
            block[345..351].copy_from_slice(b"145247");
        })
        .extension(b'L', format!("{long}\0").as_bytes())
        .extension(b'K', format!("{target}\0").as_bytes())
        .entry(b"cut", b'2', b"cut", 0)
        .pax(&[("path", b"pax\xff"), ("linkpath", b"./a/../b"), ("mtime", b"1.5")])
        .entry(b"cut", b'1', b"cut", 0)
        // Global records belong to no entry.
        .extension(b'g', b"15 path=global\n")
        // Old tars mark folders by the name alone.
        .entry(b"old-folder/", 0, b"", 0)
        .header(b"v7", 0, b"", 3, |block| block[257..265].fill(0))
        .content(b"abc")
        .bytes();
    let (walked, seen) = walk(&bytes);
    walked.unwrap();
    assert_eq!(seen.paths(), ["prefix/name", "gnu", &long, "pax\u{fffd}", "old-folder", "v7"]);
    assert_eq!(seen.get(&long).link, target);
    assert_eq!(seen.seen[3].link, "b");
    assert_eq!(seen.get("old-folder").kind, Kind::Directory);
    assert_eq!(seen.get("v7").content.as_deref(), Some(&b"abc"[..]));
}

#[test]
fn sizes_beyond_octal() {
    let bytes = Tar::new()
        .header(b"base-256", b'0', b"", 5, |block| block[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]))
        .content(b"12345")
        .pax(&[("size", b"3")])
        .entry(b"by-pax", b'0', b"", 0)
        .content(b"abc")
        .bytes();
    let (walked, seen) = walk(&bytes);
    assert_eq!(walked.unwrap().entries, 2);
    assert_eq!(seen.get("base-256").content.as_deref(), Some(&b"12345"[..]));
    assert_eq!((seen.get("by-pax").size, seen.get("by-pax").content.as_deref()), (3, Some(&b"abc"[..])));
}

#[test]
fn what_follows_the_end() {
    let first = Tar::new().file("one", "1").bytes();
    let second = Tar::new().file("two", "2").bytes();
    let (walked, seen) = walk(&[first.clone(), second].concat());
    walked.unwrap();
    assert_eq!(seen.paths(), ["one", "two"], "concatenated tars are read on");
    let (walked, seen) = walk(&[first, vec![1; 1000]].concat());
    assert_eq!((walked.unwrap().entries, seen.problems.len()), (1, 1), "anything else is said");
    let (walked, seen) = walk(&Tar::new().file("one", "1").unfinished());
    assert_eq!((walked.unwrap().entries, seen.problems.len()), (1, 1), "a missing end is said");
    let (walked, seen) = walk(b"");
    assert_eq!((walked.unwrap().entries, seen.problems.len()), (0, 0), "an empty layer is one");
}

#[test]
fn the_limit_of_entries_is_said_and_the_rest_still_verified() {
    let mut tar = Tar::new();
    for number in 0..100 {
        tar = tar.file(&format!("file-{number}"), "x");
    }
    let bytes = tar.bytes();
    let limits = Limits { entries: 10, ..Limits::default() };
    let (walked, seen) = walk_with(&gzip(&bytes), &limits);
    let walked = walked.unwrap();
    assert_eq!((walked.entries, seen.seen.len(), walked.bytes), (10, 10, bytes.len() as u64));
    assert_eq!(walked.diff_id.to_string(), sha256(&bytes));
    assert_eq!(walked.limit_reached.into_iter().collect::<Vec<_>>(), seen.problems);
}

#[test]
fn a_panicking_visitor_takes_no_thread_with_it() {
    struct Panics;
    impl Visitor for Panics {
        fn entry(&mut self, _: &image::Entry<'_>) -> Wish {
            panic!("on purpose")
        }
        fn content(&mut self, _: &[u8]) -> More {
            More::No
        }
        fn end(&mut self, _: bool) {}
        fn problem(&mut self, _: String) {}
    }
    let bytes = gzip(&Tar::new().file("a", vec![0; 8 << 20]).bytes());
    let outcome = std::panic::catch_unwind(|| layer(&bytes).walk(&Limits::default(), &mut Panics).is_ok());
    assert!(outcome.is_err());
}
