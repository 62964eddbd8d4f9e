//! Folders on disk.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use image::rootfs::{walk_rootfs, walk_source};
use image::{EntryKind, Limits};

use crate::common::Recorder;

#[test]
fn a_root_is_walked_in_order_without_what_is_no_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in [
        "etc/passwd",
        "usr/bin/app",
        "proc/1/cmdline",
        "tmp/x",
        "run/lock",
        "var/lib/docker/overlay2/a",
        "var/lib/dpkg/status",
        "home/me/.local/share/containers/storage/a",
        "home/me/project/tmp/kept",
    ] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), path).unwrap();
    }
    symlink("/etc", root.join("escape")).unwrap();
    symlink("loop", root.join("loop")).unwrap();
    fs::set_permissions(root.join("usr/bin/app"), fs::Permissions::from_mode(0o4755)).unwrap();
    let mut seen = Recorder::default();
    walk_rootfs(root, &Limits::default(), &mut seen).unwrap();
    let files: Vec<&str> = seen.seen.iter().filter(|seen| seen.kind == EntryKind::File).map(|seen| &seen.path[..]).collect();
    assert_eq!(files, ["etc/passwd", "home/me/project/tmp/kept", "usr/bin/app", "var/lib/dpkg/status"]);
    assert_eq!(seen.get("usr/bin/app").mode, 0o4755);
    assert_eq!(seen.get("usr/bin/app").content.as_deref(), Some(&b"usr/bin/app"[..]));
    assert_eq!((seen.get("escape").kind, seen.get("escape").link.as_str()), (EntryKind::Symlink, "/etc"));
    assert!(seen.problems.is_empty() && seen.settled());
}

#[test]
fn source_without_the_code_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in [
        "Cargo.lock",
        ".git/config",
        "web/node_modules/a/package.json",
        "web/package-lock.json",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        ".venv/x",
        "pkg/__pycache__/a.pyc",
        "tmp/go.sum",
    ] {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), "x").unwrap();
    }
    let mut seen = Recorder::default();
    walk_source(root, &Limits::default(), &mut seen).unwrap();
    let files: Vec<&str> = seen.seen.iter().filter(|seen| seen.kind == EntryKind::File).map(|seen| &seen.path[..]).collect();
    assert_eq!(files, ["Cargo.lock", "tmp/go.sum", "web/package-lock.json"]);
}

#[test]
fn limits_and_fifos() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..20 {
        fs::write(folder.path().join(format!("{number:02}")), "x").unwrap();
    }
    if let Some(mut mkfifo) = testing::tool("mkfifo", &["--version"]) {
        assert!(mkfifo.arg(folder.path().join("00-fifo")).status().unwrap().success());
    }
    let mut seen = Recorder::default();
    walk_rootfs(folder.path(), &Limits { entries: 10, ..Limits::default() }, &mut seen).unwrap();
    assert_eq!((seen.seen.len(), seen.problems.len()), (10, 1));
    assert!(walk_rootfs(&folder.path().join("00"), &Limits::default(), &mut seen).is_err());
    assert!(walk_rootfs(&folder.path().join("absent"), &Limits::default(), &mut seen).is_err());
}
