//! Sparse files as GNU tar itself writes them, in each of its formats.

use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::common::{Recorder, layer, walk};

#[test]
fn as_gnu_tar_stores_them() {
    let Some(_) = testing::tool("tar", &["--version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk");
    let file = File::create(&path).unwrap();
    // More stretches than one header, and than one extension block, can hold.
    for piece in 0..60_u64 {
        file.write_all_at(&[piece as u8 + 1; 4096], piece * 65536).unwrap();
    }
    file.set_len(4_200_001).unwrap();
    std::fs::write(folder.path().join("plain"), "after").unwrap();
    let expected = std::fs::read(&path).unwrap();
    for format in [
        &["--format=gnu"][..],
        &["--format=posix", "--sparse-version=0.0"],
        &["--format=posix", "--sparse-version=0.1"],
        &["--format=posix", "--sparse-version=1.0"],
    ] {
        let Some(mut tar) = testing::tool("tar", &["--version"]) else { return };
        let output = tar.args(format).args(["--sparse", "-cf", "-", "-C"]).arg(folder.path()).args(["disk", "plain"]).output();
        let bytes = output.unwrap().stdout;
        assert!(bytes.len() < 600_000, "{format:?}: the file system keeps no holes");
        let (walked, seen) = walk(&bytes);
        walked.unwrap();
        assert_eq!(seen.paths(), ["disk", "plain"], "{format:?}");
        assert_eq!((seen.get("disk").size, seen.get("disk").complete), (expected.len() as u64, Some(true)), "{format:?}");
        assert!(seen.get("disk").content.as_deref() == Some(&expected[..]), "{format:?}");
        assert_eq!(seen.get("plain").content.as_deref(), Some(&b"after"[..]), "{format:?}");
        let mut blind = Recorder { blind: true, ..Recorder::default() };
        layer(&bytes).walk(&image::Limits::default(), &mut blind).unwrap();
        assert_eq!(blind.paths(), ["disk", "plain"], "{format:?}, nothing wanted");
    }
}
