//! An index: one platform by default, all on demand.

use std::path::Path;

use serde_json::{Value, json};
use testing::image::{Compression, Image, Layout, for_platform, tagged};
use testing::tar::Tar;

use crate::command::{Sandbox, ids, sentences};
use crate::fixture::{self, debian, prepared, python};

/// The machine's own, as the Go names of images write it.
const HOST: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
const OTHER: &str = if cfg!(target_arch = "aarch64") { "amd64" } else { "arm64" };

/// An index of two platforms that share a base, with the attestation that BuildKit writes beside each: the host's own is
/// clean, the other carries what is critical.
fn index(root: &Path) -> String {
    let mut layout = Layout::new(root);
    let own = fixture::clean().platform("linux", HOST);
    let other = fixture::clean().layer(python(Tar::new(), "srv", "Jinja2", "2.10")).platform("linux", OTHER);
    let own = for_platform(layout.image(&own, Compression::Gzip), "linux", HOST);
    let other = for_platform(layout.image(&other, Compression::Gzip), "linux", OTHER);
    let mut attestation = for_platform(layout.image(&Image::new(), Compression::Plain), "unknown", "unknown");
    attestation["annotations"] =
        json!({"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": own["digest"]});
    let index = layout.index(&[other, own, attestation]);
    let digest = index["digest"].as_str().unwrap().to_owned();
    layout.finish(&[tagged(index, "latest")]);
    digest
}

#[test]
fn one_platform_by_default_and_what_was_left_out_is_said() {
    let sandbox = prepared();
    index(&sandbox.path("index"));
    let report = sandbox.scan(&["index"]);
    assert_eq!(report["schema"], "plimsoll.report/v1");
    assert_eq!(report["image"]["platform"], format!("linux/{HOST}"));
    assert!(ids(&report).is_empty());
    let warnings = sentences(&report["warnings"]);
    assert!(warnings.contains(&format!("linux/{OTHER}")), "{warnings}");
    let report = sandbox.scan(&["index", "--platform", &format!("linux/{OTHER}")]);
    assert_eq!(report["image"]["platform"], format!("linux/{OTHER}"));
    assert_eq!(ids(&report), [fixture::CRITICAL_AND_EXPLOITED]);
    let sentence = sandbox.run(&["scan", "--db", "test.db", "index", "--platform", "linux/s390x"]).fails();
    assert!(sentence.contains("linux/s390x") && sentence.contains(&format!("linux/{OTHER}")), "{sentence}");
}

#[test]
fn all_platforms_in_one_index_with_the_worst_exit_code() {
    let sandbox = prepared();
    let digest = index(&sandbox.path("index"));
    let scan =
        |arguments: &[&str]| sandbox.run(&[&["scan", "-q", "--format", "json", "--db", "test.db", "index"], arguments].concat());
    let document = scan(&["--platform", "all"]).exits(0).json();
    assert_eq!(document["schema"], "plimsoll.index/v1");
    assert_eq!(document["index"]["digest"], digest);
    let reports = document["reports"].as_array().unwrap();
    let mut platforms: Vec<(&str, usize)> =
        reports.iter().map(|report| (report["image"]["platform"].as_str().unwrap(), ids(report).len())).collect();
    platforms.sort_unstable();
    let mut wanted = [(format!("linux/{HOST}"), 0), (format!("linux/{OTHER}"), 1)];
    wanted.sort();
    assert_eq!(platforms, wanted.each_ref().map(|(platform, count)| (platform.as_str(), *count)));
    assert_eq!(reports[0]["image"]["layers"][0], reports[1]["image"]["layers"][0]);
    for report in reports {
        // What one child alone says, it says here.
        let platform = report["image"]["platform"].as_str().unwrap();
        let alone = scan(&["--platform", platform]).exits(0).json();
        for part in ["schema", "os", "packages", "findings", "coverage", "database"] {
            assert_eq!(report[part], alone[part], "{platform}: {part}");
        }
    }

    scan(&["--fail-on", "critical"]).exits(0);
    scan(&["--fail-on", "critical", "--platform", "all"]).exits(1);
    scan(&["--fail-on", "malicious", "--platform", "all"]).exits(0);
    for format in ["html", "sarif"] {
        let outcome = sandbox.run(&["scan", "--db", "test.db", "index", "--platform", "all", "--format", format]).exits(0);
        assert!(
            outcome.text().contains(&format!("linux/{HOST}")) && outcome.text().contains(&format!("linux/{OTHER}")),
            "{format}"
        );
    }
    // A document of these speaks of one image.
    for format in ["cyclonedx-json", "spdx-json"] {
        assert!(sandbox.run(&["sbom", "-q", "index", "--platform", "all", "--format", format]).fails().contains("--platform"));
    }
    let table = sandbox.run(&["scan", "--db", "test.db", "index", "--platform", "all"]).exits(0);
    assert!(table.text().contains(&format!("linux/{HOST}")) && table.text().contains(&format!("linux/{OTHER}")));
    let inventory = sandbox.run(&["sbom", "--format", "json", "index", "--platform", "all"]).exits(0).json();
    assert_eq!(inventory["reports"].as_array().map(Vec::len), Some(2));
    assert_eq!(inventory["reports"][0]["findings"], Value::Null);
}

/// A definite no outweighs what cannot be told, and that outweighs a yes.
#[test]
fn the_worst_of_the_children_counts() {
    let sandbox = prepared();
    let two = |name: &str, other: Image| {
        let mut layout = Layout::new(&sandbox.path(name));
        let children = [fixture::clean(), other.platform("linux", "arm64")].map(|image| {
            for_platform(layout.image(&image, Compression::Plain), "linux", image.config["architecture"].as_str().unwrap())
        });
        let index = layout.index(&children);
        layout.finish(&[tagged(index, "latest")]);
        sandbox.run(&["scan", "-q", "--db", "test.db", name, "--platform", "all", "--fail-on", "critical"]).code
    };
    let empty = || Image::new().layer(Tar::new().file("hello", "world"));
    let bad = || Image::new().layer(python(debian(&[("bash", "5.2.15-2")]), "srv", "Jinja2", "2.10"));
    assert_eq!(two("clean", fixture::clean()), 0);
    assert_eq!(two("empty", empty()), 2);
    assert_eq!(two("bad", bad()), 1);
}

#[test]
fn an_archive_of_several_images_says_which_it_took() {
    let sandbox = prepared();
    let archive = testing::image::docker_archive(&[("one:1", &fixture::clean()), ("two:1", &fixture::app())]);
    sandbox.write("two.tar", archive);
    let warnings = sentences(&sandbox.scan(&["two.tar"])["warnings"]);
    assert!(warnings.contains("two:1"), "{warnings}");
}

#[test]
fn a_tag_chooses_in_a_layout() {
    let sandbox = Sandbox::new();
    let mut layout = Layout::new(&sandbox.path("layout"));
    let clean = tagged(layout.image(&fixture::clean(), Compression::Plain), "clean");
    let app = tagged(layout.image(&fixture::app(), Compression::Zstd), "app");
    layout.finish(&[clean, app]);
    let packages = |target: &str| sandbox.run(&["sbom", "--format", "json", target]);
    assert_eq!(packages("oci:layout:clean").exits(0).json()["packages"].as_array().unwrap().len(), 1);
    assert_eq!(packages("oci:layout:app").exits(0).json()["packages"].as_array().unwrap().len(), 6);
    let sentence = packages("oci:layout:missing").fails();
    assert!(sentence.contains("missing") && sentence.contains("clean"), "{sentence}");
}
