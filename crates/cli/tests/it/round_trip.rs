//! An SBOM is as good as the image it was made of: written to disk, read back with an empty cache, it gives the same
//! packages, distribution and findings.
//!
//! Left aside is what an SBOM by its nature does not carry into a new scan: `image`, layers (and with them whose layer a
//! place is in), and warnings about what was not read.

use std::path::Path;

use serde_json::Value;
use testing::image::Image;
use testing::tar::Tar;

use crate::command::Sandbox;
use crate::fixture::{self, alpine, node, prepared, python};

/// Packages, distribution and findings of a report, without layers.
fn compared(mut report: Value) -> Value {
    strip_layers(&mut report);
    let part = |name: &str| (name.to_owned(), report[name].clone());
    Value::Object(["os", "packages", "findings", "coverage"].into_iter().map(part).collect())
}

fn strip_layers(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("layer");
            members.values_mut().for_each(strip_layers);
        }
        Value::Array(values) => {
            values.iter_mut().for_each(strip_layers);
            // Places that differ by layer alone are one place.
            values.dedup();
        }
        _ => {}
    }
}

/// Says where two values differ, instead of printing both.
fn assert_equal(left: &Value, right: &Value, place: &str) {
    match (left, right) {
        (Value::Array(lefts), Value::Array(rights)) if lefts.len() == rights.len() => {
            for (index, (left, right)) in lefts.iter().zip(rights).enumerate() {
                assert_equal(left, right, &format!("{place}[{index}]"));
            }
        }
        (Value::Array(lefts), Value::Array(rights)) => {
            let only = |these: &[Value], those: &[Value]| -> Vec<String> {
                these.iter().filter(|one| !those.contains(one)).take(3).map(Value::to_string).collect()
            };
            panic!("{place}: of the image alone {:#?}, of the SBOM alone {:#?}", only(lefts, rights), only(rights, lefts));
        }
        (Value::Object(lefts), Value::Object(rights)) if lefts.keys().eq(rights.keys()) => {
            for (key, left) in lefts {
                assert_equal(left, &rights[key], &format!("{place}.{key}"));
            }
        }
        _ => assert_eq!(left, right, "{place}"),
    }
}

/// Scans a target and both SBOMs of it, each with a cache of its own; how many packages and findings there are.
fn round_trip(sandbox: &Sandbox, target: &str, database: &Path) -> (usize, usize) {
    let scan = |target: &str, cache: &str| {
        let mut command = sandbox.command();
        command.args(["--offline", "--cache-dir", cache, "--max-db-age", "5000w", "scan", "--format", "json", "--db"]);
        crate::command::run(command.arg(database).arg(target)).exits(0).json()
    };
    let whole = scan(target, "cache");
    let image = compared(whole.clone());
    for format in ["cyclonedx-json", "spdx-json"] {
        sandbox.run(&["sbom", "--format", format, "-o", "sbom.json", target]).exits(0);
        let report = scan("sbom.json", &format!("cache-{format}"));
        assert_eq!(report["image"]["source"], "sbom");
        assert_equal(&image, &compared(report), &format!("{target} as {format}"));
    }
    (whole["packages"].as_array().unwrap().len(), whole["findings"].as_array().unwrap().len())
}

#[test]
fn sboms_of_small_images() {
    let sandbox = prepared();
    assert_eq!(round_trip(&sandbox, "app.tar", &sandbox.path("test.db")), (6, 5));
    assert_eq!(round_trip(&sandbox, "clean.tar", &sandbox.path("test.db")), (1, 0));
    // Two places of one package, a scope, a source package of another name, a package of unknown make.
    let status = "Package: libssl3\nStatus: install ok installed\nSource: openssl (3.0.1-1)\nMaintainer: Debian <x@lists.debian.org>\nArchitecture: amd64\nVersion: 3.0.1-1+b2\n\n\
        Package: docker-ce\nStatus: install ok installed\nMaintainer: Docker <support@docker.com>\nArchitecture: amd64\nVersion: 5:26.1.0-1~debian.12~bookworm\n\n";
    let layer = Tar::new().file("etc/os-release", fixture::SID).file("var/lib/dpkg/status", status);
    let layer = python(python(layer, "a", "Jinja2", "2.10"), "b", "Jinja2", "2.10");
    let layer = node(node(layer, "c", "@scope/pack", "1.0.0-rc.1+build"), "c", "lodash", "4.17.4");
    sandbox.write("odd.tar", Image::new().layer(layer).docker_archive("odd:1"));
    assert_eq!(round_trip(&sandbox, "odd.tar", &sandbox.path("test.db")), (5, 3));
    let layer = node(alpine(&[("busybox", "1.36.1-r28"), ("musl", "1.2.5-r0")]), "srv", "lodash", "4.17.4");
    sandbox.write("alpine.tar", Image::new().layer(layer).docker_archive("alpine:1"));
    assert_eq!(round_trip(&sandbox, "alpine.tar", &sandbox.path("test.db")), (3, 2));
    // Without any distribution.
    sandbox.write("bare.tar", Image::new().layer(python(Tar::new(), "x", "Jinja2", "2.10")).docker_archive("bare:1"));
    assert_eq!(round_trip(&sandbox, "bare.tar", &sandbox.path("test.db")), (1, 1));
}

/// What was not read of the image is not known from its SBOM either.
#[test]
fn a_gate_does_not_open_for_the_sbom_of_what_was_not_read() {
    let sandbox = prepared();
    fixture::unread_layer(&sandbox, "unread");
    for format in ["cyclonedx-json", "spdx-json"] {
        for (target, code) in [("unread", 2), ("clean.tar", 0)] {
            sandbox.run(&["sbom", "-q", "--format", format, "-o", "sbom.json", target]).exits(0);
            let gate = ["scan", "-q", "--db", "test.db", "--fail-on", "critical", "--format", "json"];
            let reasons = |target: &str| sandbox.run(&[&gate[..], &[target]].concat()).exits(code).json()["decision"].clone();
            assert_eq!(reasons("sbom.json"), reasons(target));
        }
    }
}

#[test]
fn sboms_of_real_images() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let sandbox = Sandbox::new();
    let mut built = false;
    for (name, packages, findings) in
        [("debian12", 85, 0), ("python-app", 145, 50), ("node-app", 400, 10), ("java-app", 140, 0), ("go-app", 30, 100)]
    {
        let Some(image) = testing::built_image(&format!("{name}.docker.tar")) else { continue };
        if !built {
            let feeds = feeds.display().to_string();
            sandbox.run(&["-q", "db", "build", "--feeds", &feeds, "-o", "real.db"]).exits(0);
            built = true;
        }
        let (found, matched) = round_trip(&sandbox, &image.display().to_string(), &sandbox.path("real.db"));
        assert!(found >= packages && matched >= findings, "{name}: {found} packages and {matched} findings are too few");
    }
}
