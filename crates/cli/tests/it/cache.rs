//! The cache: shared by many at once, never the worse for a killed writer, shown, cleared, bounded.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

use testing::image::Image;
use testing::tar::Tar;

use crate::command::{Outcome, Sandbox, run};
use crate::determinism::layered;
use crate::fixture::{self, debian, node, prepared};

/// `layers  N (…)` of `cache`.
fn layers(sandbox: &Sandbox) -> usize {
    let outcome = sandbox.run(&["cache"]).exits(0);
    let line = outcome.text().lines().find_map(|line| line.strip_prefix("layers  ")).unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

fn scan(sandbox: &Sandbox, target: &str) -> Child {
    let mut command = sandbox.offline(&["scan", "--db", "test.db", "--format", "json", target]);
    command.env("SOURCE_DATE_EPOCH", "1767225600").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn finished(child: Child) -> Vec<u8> {
    Outcome::of("scan".to_owned(), child.wait_with_output().unwrap()).exits(0).stdout
}

#[test]
fn it_is_shown_and_cleared() {
    let sandbox = prepared();
    assert_eq!(layers(&sandbox), 0);
    sandbox.scan(&["app.tar"]);
    assert_eq!(layers(&sandbox), 2);
    sandbox.scan(&["base.tar"]);
    assert_eq!(layers(&sandbox), 2, "a layer is kept once");
    // An image seen before is known as the base of another.
    assert_eq!(sandbox.scan(&["app.tar"])["image"]["base"]["how"], "layers");
    sandbox.run(&["cache", "--clear"]).exits(0);
    assert_eq!(layers(&sandbox), 0);
    assert_eq!(sandbox.scan(&["app.tar"])["image"]["base"], serde_json::Value::Null);
    assert!(sandbox.path("test.db").exists());
}

#[test]
fn clearing_leaves_the_database() {
    let sandbox = prepared();
    sandbox.run(&["db", "build", "--feeds", "feeds-of-test.db"]).exits(0);
    sandbox.run(&["cache", "--clear"]).exits(0);
    assert!(sandbox.cache().join("plimsoll.db").exists());
}

#[test]
fn many_processes_share_it() {
    let sandbox = prepared();
    sandbox.write("layered.tar", layered().docker_archive("layered:1"));
    let alone = finished(scan(&sandbox, "layered.tar"));
    for _ in 0..3 {
        sandbox.run(&["cache", "--clear"]).exits(0);
        let children: Vec<Child> = (0..8).map(|_| scan(&sandbox, "layered.tar")).collect();
        for child in children {
            assert!(finished(child) == alone, "a report depends on who else was at work");
        }
        assert_eq!(layers(&sandbox), 9);
    }
    // Clearing under running scans harms none of them.
    let children: Vec<Child> = (0..6).map(|_| scan(&sandbox, "layered.tar")).collect();
    let clearing = run(&mut sandbox.offline(&["cache", "--clear"]));
    for child in children {
        assert!(finished(child) == alone);
    }
    assert!(clearing.code == 0 || clearing.stderr.contains("cache"), "{}", clearing.stderr);
}

#[test]
fn a_killed_writer_leaves_it_usable() {
    let sandbox = prepared();
    let mut image = Image::new().layer(debian(&[("openssl", "3.0.1-1")]));
    for number in 0..6_u8 {
        let mut layer = Tar::new();
        for pack in 0..200 {
            layer = node(layer, &format!("srv/{number}"), &format!("pack-{pack}"), "1.0.0");
        }
        image = image.layer(layer.file("blob", vec![number; 4_000_000]));
    }
    sandbox.write("large.tar", image.docker_archive("large:1"));
    let mut whole = sandbox.offline(&["scan", "--db", "test.db", "--format", "json", "large.tar", "--cache-dir", "other"]);
    let whole = run(whole.env("SOURCE_DATE_EPOCH", "1767225600")).exits(0).stdout;
    let mut killed = 0;
    for delay in 0..12_u64 {
        let mut child = scan(&sandbox, "large.tar");
        std::thread::sleep(Duration::from_millis(1 + delay * 5));
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            killed += 1;
        }
        sandbox.run(&["cache"]).exits(0);
        if delay % 3 == 2 {
            assert!(finished(scan(&sandbox, "large.tar")) == whole);
            sandbox.run(&["cache", "--clear"]).exits(0);
        }
    }
    assert!(killed >= 3, "{killed} of 12 were killed in time");
    assert!(finished(scan(&sandbox, "large.tar")) == whole);
}

/// Entries that do not check out are read anew, whatever is wrong with them.
#[test]
fn damaged_entries_are_as_good_as_none() {
    let sandbox = prepared();
    let whole = finished(scan(&sandbox, "app.tar"));
    for damage in 0..5 {
        for entry in entries(&sandbox) {
            let bytes = fs::read(&entry).unwrap();
            match damage {
                0 => fs::write(&entry, b"").unwrap(),
                1 => fs::write(&entry, &bytes[..bytes.len() / 2]).unwrap(),
                2 => fs::write(&entry, vec![0xff; bytes.len()]).unwrap(),
                3 => {
                    let mut bytes = bytes;
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                    fs::write(&entry, bytes).unwrap();
                }
                // A folder in the place of the file: it cannot even be replaced.
                _ => {
                    fs::remove_file(&entry).unwrap();
                    fs::create_dir(&entry).unwrap();
                }
            }
        }
        let mut again: serde_json::Value = serde_json::from_slice(&finished(scan(&sandbox, "app.tar"))).unwrap();
        let mut whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
        for report in [&mut again, &mut whole] {
            report["warnings"] = serde_json::Value::Null;
        }
        assert_eq!(again, whole, "damage {damage}");
    }
}

/// The files of layers.
fn entries(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let folders = fs::read_dir(sandbox.cache().join("layers")).unwrap().map(|entry| entry.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect()
}

#[test]
fn it_stays_within_its_bounds() {
    let sandbox = prepared();
    sandbox.scan(&["app.tar"]);
    let kept = entries(&sandbox);
    let folder = kept[0].parent().unwrap();
    let aged = |name: &str, bytes: u64, age: Duration| {
        let file = fs::File::create(folder.join(name)).unwrap();
        // Sparse: it takes no room, and counts in full.
        file.set_len(bytes).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
        folder.join(name)
    };
    let day = Duration::from_secs(86_400);
    let old = aged("0000000000000000000000000000000000000000000000000000000000000000-0000000000000000.layer", 3_000_000_000, day);
    let left_by_the_killed = aged("1.4711.tmp", 10, day);
    let in_the_making = aged("2.4712.tmp", 10, Duration::from_secs(5));
    sandbox.scan(&["clean.tar"]);
    assert!(!old.exists(), "the oldest goes when there is too much");
    assert!(!left_by_the_killed.exists());
    assert!(in_the_making.exists(), "another process may be writing it");
    assert!(kept.iter().all(|entry| entry.exists()), "what is newer stays");
}

/// Whoever reads a database keeps what they opened; a builder that is killed leaves the old one or the new one.
#[test]
fn a_database_is_replaced_under_its_readers() {
    let sandbox = prepared();
    fixture::feeds(&sandbox, "newer", &fixture::days_ago(0));
    let (old, answer) = (sandbox.read("test.db"), finished(scan(&sandbox, "app.tar")));
    let build = || {
        let mut command = sandbox.offline(&["-q", "db", "build", "--feeds", "newer", "-o", "test.db"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for delay in 0..20_u64 {
        let mut builder = build();
        std::thread::sleep(Duration::from_micros(delay * 700));
        builder.kill().unwrap();
        builder.wait().unwrap();
        sandbox.run(&["db", "info", "--verify", "--db", "test.db"]).exits(0);
    }
    let mut builders: Vec<Child> = (0..3).map(|_| build()).collect();
    let scans: Vec<Child> = (0..6).map(|_| scan(&sandbox, "app.tar")).collect();
    for builder in &mut builders {
        assert!(builder.wait().unwrap().success());
    }
    let new = sandbox.read("test.db");
    assert!(new != old);
    let answers = [answer, finished(scan(&sandbox, "app.tar"))];
    for scan in scans {
        assert!(answers.contains(&finished(scan)), "neither the old database's answer nor the new one's");
    }
}
