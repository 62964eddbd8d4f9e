//! Same input, same bytes: whatever the number of threads, cold or warm.

use testing::image::{Compression, Image};
use testing::tar::Tar;

use crate::command::{Sandbox, run};
use crate::fixture::{self, debian, node, prepared, python};

/// An image whose layers repeat, replace and delete each other's packages.
pub(crate) fn layered() -> Image {
    let mut image = Image::new().layer(debian(&[("openssl", "3.0.1-1"), ("zlib", "1:1.2.13"), ("bash", "5.2.15-2")]));
    for number in 0..8 {
        let root = format!("srv/{}", number % 3);
        let mut layer = Tar::new().whiteout(&format!("srv/{}/node_modules/pack-7", (number + 1) % 3));
        for pack in 0..40 {
            layer = node(layer, &root, &format!("pack-{pack}"), &format!("{number}.0.{}", pack % 5));
        }
        layer = python(layer, &root, "Jinja2", &format!("2.{number}"));
        image = image.layer(node(layer, &root, "lodash", "4.17.4").file(&format!("blob-{number}"), vec![number; 300_000]));
    }
    image
}

#[test]
fn reports_do_not_depend_on_threads_or_cache() {
    let sandbox = prepared();
    sandbox.write("layered.tar", layered().docker_archive("layered:1"));
    layered().layout(&sandbox.path("layered"), Compression::Gzip);
    for format in ["json", "cyclonedx-json", "spdx-json", "sarif", "html", "table"] {
        for target in ["layered.tar", "layered"] {
            let scan = |threads: &str, cache: &str| {
                let mut command = sandbox.command();
                command.env("SOURCE_DATE_EPOCH", "1767225600").args(["--offline", "--cache-dir", cache, "scan"]);
                command.args(["--db", "test.db", "--format", format, "--threads", threads, target]);
                run(&mut command).exits(0).stdout
            };
            let caches = [format!("one-{format}-{target}"), format!("eight-{format}-{target}")];
            let first = scan("1", &caches[0]);
            assert!(first.len() > 1000);
            assert!(first == scan("8", &caches[1]), "{format} of {target}: threads show");
            assert!(first == scan("1", &caches[0]), "{format} of {target}: a warm cache shows");
            assert!(first == scan("8", &caches[0]), "{format} of {target}: a warm cache and threads show");
        }
    }
}

#[test]
fn only_the_time_of_the_scan_differs_without_a_fixed_one() {
    let sandbox = prepared();
    let mut reports = [sandbox.scan(&["app.tar"]), sandbox.scan(&["app.tar"])];
    for report in &mut reports {
        assert!(report["created"].as_str().unwrap().ends_with('Z'));
        report["created"] = serde_json::Value::Null;
    }
    assert_eq!(reports[0], reports[1]);
    let mut bad = sandbox.offline(&["scan", "--db", "test.db", "app.tar"]);
    assert!(run(bad.env("SOURCE_DATE_EPOCH", "yesterday")).fails().contains("SOURCE_DATE_EPOCH"));
}

#[test]
fn same_feeds_same_database() {
    let sandbox = Sandbox::new();
    for name in ["one.db", "two.db"] {
        fixture::database(&sandbox, name, "2026-01-02");
    }
    assert!(sandbox.read("one.db") == sandbox.read("two.db"));
    fixture::database(&sandbox, "three.db", "2026-01-03");
    assert!(sandbox.read("one.db") != sandbox.read("three.db"));
}

#[test]
fn real_images_give_the_same_bytes() {
    let Some(image) = testing::built_image("debian12.docker.tar") else { return };
    let sandbox = prepared();
    let scan = |threads: &str, cache: &str| {
        let mut command = sandbox.command();
        command.env("SOURCE_DATE_EPOCH", "1767225600").args(["--offline", "--cache-dir", cache, "scan", "--db", "test.db"]);
        run(command.args(["--format", "json", "--threads", threads]).arg(&image)).exits(0).stdout
    };
    let first = scan("1", "one");
    assert!(first == scan("8", "eight") && first == scan("8", "one"));
}

#[test]
fn real_feeds_give_the_same_database() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let sandbox = Sandbox::new();
    for (threads, name) in [("1", "one.db"), ("7", "seven.db")] {
        let mut command = sandbox.offline(&["-q", "db", "build", "-o", name, "--feeds"]);
        run(command.arg(&feeds).env("RAYON_NUM_THREADS", threads)).exits(0);
    }
    assert!(sandbox.read("one.db") == sandbox.read("seven.db"));
}
