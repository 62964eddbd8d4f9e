//! Walks over whole layers, as an image brings them.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::sync::Arc;

use image::blob::MemoryBlob;
use image::{Layer, Limits};
use indexer::dispatch::Extractors;
use indexer::extractor::Target;
use indexer::index::{IndexOptions, Progress, index_layer};
use indexer::layer::LayerInventory;
use testing::tar::Tar;

fn index(tar: Tar) -> LayerInventory {
    let extractors = Extractors::new(Target::Installed);
    let limits = Limits::default();
    let options = IndexOptions {
        extractors: &extractors,
        limits: &limits,
        deadline: None,
        cache: None,
        verify_layers: false,
        progress: &Progress::default(),
        secrets: None,
        owners_of: &[],
    };
    index_layer(&Layer::new("layer 1", Arc::new(MemoryBlob::new(tar.bytes()))), &options).unwrap()
}

/// One content under many names is held once, and read under so many only as are worth it.
#[test]
fn a_large_file_of_many_names_costs_bounded_memory_and_time() {
    const SIZE: usize = 64 << 20;
    // A hole costs the layer nothing.
    let mut tar = Tar::new()
        .pax(&[
            ("GNU.sparse.major", b"1"),
            ("GNU.sparse.minor", b"0"),
            ("GNU.sparse.name", b"srv/content"),
            ("GNU.sparse.realsize", SIZE.to_string().as_bytes()),
        ])
        .file("srv/GNUSparseFile.1/content", format!("{:<512}", format!("1\n{SIZE}\n0\n")));
    for name in 0..200 {
        tar = tar.hardlink(&format!("srv/{name:03}.jar"), "srv/content");
    }
    let inventory = index(tar);
    let unread: Vec<&str> = inventory.files.iter().filter(|file| file.unread).map(|file| file.path.as_str()).collect();
    assert_eq!(unread.len(), 200, "none of them is an archive");
    let refused = inventory.problems.iter().filter(|problem| problem.contains("has more than 128 names")).count();
    assert_eq!(refused, 72, "{:?}", inventory.problems);
}

#[test]
fn links_are_read_under_their_own_names() {
    let manifest = r#"{"name": "a", "version": "1.0.0"}"#;
    let inventory = index(
        Tar::new()
            .file("store/content", manifest)
            .hardlink("srv/node_modules/a/package.json", "store/content")
            .hardlink("app/node_modules/a/package.json", "store/content")
            .hardlink("app/readme", "store/content"),
    );
    let mut places: Vec<&str> = inventory.files.iter().map(|file| file.path.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/app/node_modules/a/package.json", "/srv/node_modules/a/package.json"]);
    assert!(inventory.files.iter().all(|file| file.packages[0].name == "a" && !file.unread));
}
