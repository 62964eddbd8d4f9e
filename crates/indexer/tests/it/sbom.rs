//! SBOMs: our own round trip, those that Trivy and Syft really write, and damage.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod forms;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use indexer::sbom::{SbomContent, SbomError, parse};
use model::distro::Distro;
use model::image::{BaseEvidence, BaseImage, ImageInfo, LayerInfo};
use model::package::{Location, Origin, Package, PackageType, SourcePackage};
use model::sbom::SbomInventory;
use proptest::prelude::*;
use serde_json::json;

const LAYER: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A package with every field filled.
fn full() -> Package {
    let mut package = Package::new(PackageType::Golang, "golang.org/x/net", "v0.1.0", "binary/go");
    package.architecture = Some("amd64".into());
    package.source = Some(SourcePackage { name: "src".into(), version: "1:2-3".into() });
    package.module = Some("nodejs:18".into());
    package.vendor = Some("\"x\" <x@y>".into());
    package.licenses = vec!["MIT OR Apache-2.0".into()];
    package.locations = vec![Location { path: "/a \\x01é".into(), layer: Some(LAYER.parse().unwrap()) }];
    package.owned_by = Some("libc6".into());
    package.origin = Origin::App;
    package.unjudged = Some("why".into());
    package.linked_symbols = Some(["golang.org/x/net/html.Parse", "golang.org/x/net/html"].into_iter().collect());
    package.distro = Some("debian-12".into());
    package.given_purl = Some("pkg:golang/x".into());
    package
}

fn inventory() -> SbomInventory {
    SbomInventory {
        distro: Distro::from_os_release("ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm"),
        image: Some(ImageInfo {
            names: vec!["docker.io/library/a:1".into()],
            exposed_ports: vec!["80/tcp".into()],
            healthcheck: Vec::new(),
            history: Vec::new(),
            command: vec!["serve".into()],
            reference: "docker.io/library/a:1".into(),
            source: "registry".into(),
            digest: Some(LAYER.parse().unwrap()),
            config_digest: Some(LAYER.parse().unwrap()),
            platform: Some("linux/arm/v7".parse().unwrap()),
            created: Some("2024-01-02T03:04:05Z".parse().unwrap()),
            user: Some(String::new()),
            labels: [("a".to_owned(), "b".to_owned())].into(),
            env: vec!["PATH=/bin".into()],
            layers: vec![LayerInfo {
                diff_id: Some(LAYER.parse().unwrap()),
                digest: None,
                size: 7,
                created_by: Some("RUN x".into()),
            }],
            base: Some(BaseImage { name: Some("debian".into()), digest: None, how: BaseEvidence::Label, layers: Some(1) }),
        }),
        unread: vec!["layer x: encrypted".into()],
        problems: vec!["a layer was cut short".into()],
    }
}

fn json_text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

fn our_cyclonedx() -> String {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"component": {"type": "container", "name": "x"},
                     "properties": [{"name": "plimsoll:inventory", "value": json_text(&inventory())}]},
        "components": [{"type": "library", "name": "net", "version": "v0", "purl": "pkg:golang/other@v9",
                        "properties": [{"name": "plimsoll:package", "value": json_text(&full())}]}],
    })
    .to_string()
}

fn our_spdx() -> String {
    json!({
        "spdxVersion": "SPDX-2.3",
        "annotations": [{"comment": format!("plimsoll:inventory={}", json_text(&inventory()))}],
        "packages": [{"SPDXID": "SPDXRef-1", "name": "net", "versionInfo": "v0",
                      "annotations": [{"comment": format!("plimsoll:package={}", json_text(&full()))}]}],
    })
    .to_string()
}

#[test]
fn our_own_lose_nothing() {
    for (format, text) in [("cyclonedx", our_cyclonedx()), ("spdx", our_spdx())] {
        let inventory = inventory();
        let content = parse(text.as_bytes()).unwrap();
        assert_eq!(
            content,
            SbomContent {
                packages: vec![full()],
                distro: inventory.distro,
                image: inventory.image,
                problems: inventory.problems,
                unread: inventory.unread,
                format,
            }
        );
    }
}

#[test]
fn statements_name_their_image() {
    let statement = format!(
        r#"{{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document",
        "subject":[{{"name":"pkg:docker/a","digest":{{"sha256":"{}"}}}}],"predicate":{}}}"#,
        &LAYER[7..],
        r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","versionInfo":"1","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]}]}"#,
    );
    let content = parse(statement.as_bytes()).unwrap();
    assert_eq!(content.image.and_then(|image| image.digest).map(|digest| digest.to_string()).as_deref(), Some(LAYER));
    assert_eq!(content.packages[0].name, "a");
}

#[test]
fn what_is_no_sbom_is_refused() {
    assert!(matches!(parse(b"{}"), Err(SbomError::UnknownFormat)));
    assert!(matches!(parse(b"[1]"), Err(SbomError::Json(_))));
    for text in [
        r#"{"bomFormat":"Other","components":[]}"#,
        r#"{"predicateType":"https://spdx.dev/Document/v3","predicate":{"@graph":[]}}"#,
        r#"{"predicateType":"https://cyclonedx.org/bom","predicate":{"Data":"…"}}"#,
    ] {
        assert!(matches!(parse(text.as_bytes()), Err(SbomError::UnknownFormat)), "{text}");
    }
    let deep = format!(r#"{{"bomFormat":"CycloneDX","components":{}"#, r#"[{"components":"#.repeat(10_000));
    assert!(matches!(parse(deep.as_bytes()), Err(SbomError::Json(_))));
}

#[test]
fn a_document_of_empty_objects_is_a_bomb() {
    let many = format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{}{{}}]}}", "{},".repeat(1_000_000));
    let error = parse(many.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("more objects"), "{error}");
}

#[test]
fn entries_that_no_feed_can_judge_say_so() {
    let text = r#"{"bomFormat":"CycloneDX","components":[
        {"type":"library","name":"a","version":"1"},
        {"type":"library","name":"b","version":"2","purl":"pkg:swid/b@2"},
        {"type":"container","name":"c","purl":"pkg:oci/c@sha256:0"},
        {"type":"file","name":"/etc/passwd"},
        {"type":"library","name":"m","purl":"pkg:golang/x.org/m"}]}"#;
    let content = parse(text.as_bytes()).unwrap();
    let listed: Vec<_> =
        content.packages.iter().map(|package| (package.kind, package.name.as_str(), package.unjudged.is_some())).collect();
    assert_eq!(
        listed,
        [(PackageType::Generic, "a", true), (PackageType::Generic, "b", true), (PackageType::Golang, "x.org/m", true)]
    );
}

#[test]
fn sboms_inside_an_image() {
    let text = r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":"redis","versionInfo":"7.2.4","externalRefs":[
        {"referenceType":"purl","referenceLocator":"pkg:bitnami/redis@7.2.4-2?arch=amd64&distro=debian-12"}]}]}"#;
    let all = indexer::sbom::all();
    let found = indexer::extractor::run(all[0].as_ref(), "opt/bitnami/redis/.spdx-redis.spdx", text.as_bytes());
    assert_eq!(found.packages.len(), 1);
    assert_eq!((found.packages[0].kind, found.packages[0].name.as_str()), (PackageType::Bitnami, "redis"));
    assert_eq!(found.packages[0].locations[0].path, "/opt/bitnami/redis/.spdx-redis.spdx");
    let found = indexer::extractor::run(all[0].as_ref(), "srv/bom.json", b"{\"parts\":3}");
    assert!(found.packages.is_empty() && found.problems.is_empty());
}

/// The folder of the other tools, from `PLIMSOLL_PEERS`.
fn peer(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PLIMSOLL_PEERS").map(|folder| Path::new(&folder).join(name)).filter(|path| path.exists());
    path.or_else(|| testing::skip(&format!("{name} in PLIMSOLL_PEERS")))
}

fn trivy(image: &Path, format: &str) -> Option<Vec<u8>> {
    let output = Command::new(peer("trivy")?)
        .args(["image", "--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-version-check"])
        .args(["--offline-scan", "--disable-telemetry", "--cache-backend", "memory", "-q", "--format", format, "--input"])
        .arg(image)
        .output();
    Some(output.ok()?.stdout)
}

fn syft(image: &Path, format: &str) -> Option<Vec<u8>> {
    let output = Command::new(peer("syft")?)
        .args(["scan", "-q", "-o", format])
        .arg(format!("docker-archive:{}", image.display()))
        .env("SYFT_CHECK_FOR_APP_UPDATE", "false")
        .output();
    Some(output.ok()?.stdout)
}

/// All documents of the other tools about one image, each with its name.
fn documents(image: &Path) -> Vec<(&'static str, SbomContent)> {
    let texts = [
        ("trivy cyclonedx", trivy(image, "cyclonedx")),
        ("trivy spdx", trivy(image, "spdx-json")),
        ("syft cyclonedx", syft(image, "cyclonedx-json")),
        ("syft spdx", syft(image, "spdx-json")),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    texts.map(|(name, text)| (name, parse(&text).unwrap_or_else(|error| panic!("{name}: {error}")))).collect()
}

#[test]
fn what_trivy_and_syft_say_of_layers() {
    let Some(image) = testing::real_data("images/built/layers.docker.tar") else { return };
    for (name, content) in documents(&image) {
        let npm = content.packages.iter().filter(|package| package.kind == PackageType::Npm);
        let npm: Vec<_> = npm.collect();
        let listed: BTreeSet<_> = npm.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(listed, [("lodash", "4.17.21"), ("qs", "6.5.0")].into(), "{name}");
        for package in npm {
            let location = &package.locations[0];
            assert_eq!(location.path, format!("/app/node_modules/{}/package.json", package.name), "{name}");
            assert!(location.layer.is_some(), "{name}");
            assert_eq!(package.licenses, ["MIT"], "{name}");
        }
        assert!(content.packages.iter().any(|package| package.name == "busybox-static"), "{name}");
        if name.starts_with("trivy") {
            let image = content.image.as_ref().unwrap();
            assert_eq!((image.layers.len(), image.config_digest.is_some()), (5, true), "{name}");
            assert_eq!(image.reference, "docker.io/library/layers:latest", "{name}");
        }
    }
}

/// `NAME VERSION SOURCE SOURCE-VERSION` of every package.
fn deb_lines(packages: &[Package]) -> BTreeSet<String> {
    let debs = packages.iter().filter(|package| package.kind == PackageType::Deb);
    debs.map(|package| {
        let (source, source_version) = package.source_or_self();
        format!("{} {} {source} {source_version}", package.name, package.version)
    })
    .collect()
}

#[test]
fn what_trivy_and_syft_say_of_debian() {
    let (Some(image), Some(list)) = (testing::built_image("debian12.docker.tar"), testing::built_image("debian12.packages.txt"))
    else {
        return;
    };
    let list = std::fs::read_to_string(list).unwrap();
    let wanted: BTreeSet<String> = list
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .filter(|fields| fields[0] == "deb")
        .map(|fields| format!("{} {} {} {}", fields[1], fields[2], fields[4], fields[5]))
        .collect();
    assert!(wanted.len() > 80);
    for (name, content) in documents(&image) {
        assert_eq!(deb_lines(&content.packages), wanted, "{name}");
        assert_eq!(content.distro.and_then(|distro| distro.namespace()).as_deref(), Some("debian:12"), "{name}");
        assert!(content.packages.iter().all(|package| package.architecture.is_some()), "{name}");
        assert_eq!(content.problems, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_trivy_and_syft_say_of_go_programs() {
    let (Some(image), Some(list)) = (testing::built_image("go-app.docker.tar"), testing::built_image("go-app.packages.txt"))
    else {
        return;
    };
    let list = std::fs::read_to_string(list).unwrap();
    let modules = list.lines().filter(|line| !line.contains("(devel)") && !line.contains(" stdlib "));
    let wanted: BTreeSet<_> = modules.map(|line| line.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")).collect();
    for (name, content) in documents(&image) {
        let seen: BTreeSet<_> = content.packages.iter().map(|package| format!("{} {}", package.name, package.version)).collect();
        assert!(wanted.is_subset(&seen), "{name}: {:?}", wanted.difference(&seen).collect::<Vec<_>>());
        assert!(seen.contains("stdlib 1.20.4") && seen.contains("stdlib 1.19.4"), "{name}");
        let unplaced = content
            .packages
            .iter()
            .filter(|package| !package.locations.iter().any(|location| location.path.starts_with("/usr/local/bin/")));
        assert_eq!(unplaced.map(|package| &package.name).collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
    }
}

proptest! {
    /// Whatever the bytes, an answer comes.
    #[test]
    fn any_bytes(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = parse(&content);
    }

    /// Documents with a few bits turned, and cut short.
    #[test]
    fn damaged_documents(turns in proptest::collection::vec((0_usize..4000, any::<u8>()), 0..8), length in 0_usize..6000, spdx in any::<bool>()) {
        let mut content = if spdx { our_spdx() } else { our_cyclonedx() }.into_bytes();
        for (place, bits) in turns {
            if let Some(byte) = content.get_mut(place) {
                *byte ^= bits;
            }
        }
        content.truncate(length);
        let _ = parse(&content);
    }
}
