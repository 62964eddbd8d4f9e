//! Telling targets apart, choosing images, verifying what leads to them.

use std::path::{Path, PathBuf};

use image::{Error, OpenOptions, Opened, PlatformChoice, RootFs};
use serde_json::json;
use testing::image::{Compression, Image, Layout, docker_archive, for_platform, gzip, sha256, tagged};
use testing::tar::Tar;

use crate::common::{images, open, walk_image};

fn sample() -> Image {
    Image::new()
        .layer(Tar::new().file("etc/os-release", "ID=test\n"))
        .layer(Tar::new().file("app", "1"))
        .set("created", json!("2024-01-02T03:04:05Z"))
        .set("config", json!({"User": "1000", "Env": ["A=b"], "Labels": {"k": "v"}}))
        .set(
            "history",
            json!([
                {"created_by": "ADD rootfs"},
                {"created_by": "ENV A=b", "empty_layer": true},
                {"created_by": "COPY app", "comment": "buildkit.dockerfile.v0"},
            ]),
        )
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn an_image_is_the_same_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let image = sample();
    let docker = image.docker_archive("app:1");
    let oci = image.oci_archive(Compression::Gzip);
    let mut paths = vec![
        write(folder, "docker.tar", &docker),
        write(folder, "docker.tar.gz", &gzip(&docker)),
        write(folder, "docker.tar.zst", &Compression::Zstd.compress(&docker)),
        write(folder, "oci.tar", &oci),
        write(folder, "oci.tar.gz", &gzip(&oci)),
    ];
    for (name, compression) in [("plain", Compression::Plain), ("gzip", Compression::Gzip), ("zstd", Compression::Zstd)] {
        image.layout(&folder.join(name), compression);
        paths.push(folder.join(name));
    }
    for path in paths {
        let (opened, notes) = open(&path);
        let info = &opened.info;
        assert_eq!(info.config_digest.unwrap().to_string(), sha256(&image.config_bytes()), "{path:?}");
        assert_eq!(info.platform.as_ref().unwrap().to_string(), "linux/amd64");
        assert_eq!(info.created.unwrap().to_string(), "2024-01-02T03:04:05Z");
        assert_eq!((info.user.as_deref(), &info.env[..]), (Some("1000"), &["A=b".to_owned()][..]));
        assert_eq!(info.labels.get("k").map(String::as_str), Some("v"));
        let created_by: Vec<_> = info.layers.iter().map(|layer| layer.created_by.as_deref().unwrap()).collect();
        assert_eq!(created_by, ["ADD rootfs", "COPY app"]);
        assert_eq!((opened.history.len(), &opened.raw_config), (3, &image.config_bytes()));
        assert_eq!(notes, Vec::<String>::new());
        let seen = walk_image(&opened);
        assert_eq!((seen[0].paths(), seen[1].paths()), (vec!["etc/os-release"], vec!["app"]), "{path:?}");
    }
}

#[test]
fn a_layout_has_a_manifest_digest() {
    let folder = tempfile::tempdir().unwrap();
    sample().layout(folder.path(), Compression::Gzip);
    let (opened, _) = open(folder.path());
    assert_eq!(opened.info.digest.unwrap().to_string(), sha256(&opened.raw_manifest.unwrap()));
    assert!(opened.layers.iter().all(|layer| layer.digest.is_some() && layer.media_type.ends_with("+gzip")));
}

#[test]
fn platforms() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().display().to_string();
    let mut layout = Layout::new(folder.path());
    let mut manifests = Vec::new();
    for (os, architecture) in [("linux", "arm64"), ("linux", "amd64"), ("linux", "riscv64")] {
        let image = sample().platform(os, architecture);
        manifests.push(for_platform(layout.image(&image, Compression::Gzip), os, architecture));
    }
    let attested = manifests[1]["digest"].clone();
    let mut attestation = for_platform(layout.manifest(&json!({"schemaVersion": 2, "layers": []})), "unknown", "unknown");
    attestation["annotations"] =
        json!({"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": attested});
    manifests.push(attestation);
    let artifact = json!({"schemaVersion": 2, "artifactType": "application/x.sbom", "layers": []});
    manifests.push(layout.manifest(&artifact));
    let index = layout.index(&manifests);
    layout.finish(&[tagged(index.clone(), "1")]);

    let with = |platform| OpenOptions { platform, ..OpenOptions::default() };
    let Ok(Opened::Images { images: chosen, index_digest, notes }) = image::open(&target, &with(PlatformChoice::Default)) else {
        panic!()
    };
    assert_eq!(chosen.len(), 1);
    assert_eq!(json!(index_digest.unwrap()), index["digest"]);
    assert!(notes.iter().any(|note| note.starts_with("other platforms were not looked at: linux/")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("1 attestation manifest in the index")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("application/x.sbom")), "{notes:?}");

    let one = |text: &str| images(&target, &with(PlatformChoice::One(text.parse().unwrap())));
    let (amd64, _) = one("linux/amd64").unwrap();
    assert_eq!((json!(amd64[0].info.digest), amd64[0].attestations.len()), (attested, 1));
    let (arm64, _) = one("linux/aarch64").unwrap();
    assert_eq!((arm64[0].info.platform.as_ref().unwrap().to_string().as_str(), arm64[0].attestations.len()), ("linux/arm64", 0));
    match one("linux/s390x") {
        Err(Error::NoPlatform { wanted, available, .. }) => {
            assert_eq!((wanted.as_str(), available.as_str()), ("linux/s390x", "linux/amd64, linux/arm64, linux/riscv64"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(images(&target, &with(PlatformChoice::All)).unwrap().0.len(), 3);
}

#[test]
fn a_single_image_of_another_platform() {
    let folder = tempfile::tempdir().unwrap();
    let image = sample().platform("linux", "riscv64");
    let archive = write(folder.path(), "a.tar", &image.docker_archive("a:1"));
    image.layout(&folder.path().join("oci"), Compression::Gzip);
    let wanted = OpenOptions { platform: PlatformChoice::One("linux/amd64".parse().unwrap()), ..OpenOptions::default() };
    for path in [archive, folder.path().join("oci")] {
        assert_eq!(open(&path).0.info.platform.unwrap().architecture, "riscv64", "by default it is taken");
        assert!(matches!(images(&path.display().to_string(), &wanted), Err(Error::NoPlatform { .. })));
    }
}

#[test]
fn several_images_in_one_place() {
    let folder = tempfile::tempdir().unwrap();
    let other = sample().layer(Tar::new().file("third", "x"));
    let path =
        write(folder.path(), "two.tar", &docker_archive(&[("docker.io/library/app:1", &sample()), ("team/app:2", &other)]));
    let (first, notes) = open(&path);
    assert_eq!((first.layers.len(), notes.len()), (2, 1), "{notes:?}");
    let named = |name: &str| images(&format!("docker-archive:{}:{name}", path.display()), &OpenOptions::default());
    assert_eq!(named("team/app:2").unwrap().0[0].layers.len(), 3);
    assert_eq!(named("app:1").unwrap().0[0].layers.len(), 2, "as Docker spells it");
    let error = named("app:3").unwrap_err().to_string();
    assert!(error.contains("team/app:2"), "{error}");

    let root = folder.path().join("oci");
    let mut layout = Layout::new(&root);
    let manifests = [("1", sample()), ("2", other)].map(|(tag, image)| tagged(layout.image(&image, Compression::Plain), tag));
    layout.finish(&manifests);
    let tagged = |tag: &str| images(&format!("oci:{}:{tag}", root.display()), &OpenOptions::default());
    assert_eq!(tagged("2").unwrap().0[0].layers.len(), 3);
    assert!(tagged("3").unwrap_err().to_string().contains("there are: 1, 2"));
    let (_, notes) = images(&root.display().to_string(), &OpenOptions::default()).unwrap();
    assert!(notes.iter().any(|note| note.contains("1 other image of the same platform")), "{notes:?}");
}

#[test]
fn targets_are_told_apart_by_content() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let open = |target: &Path| image::open(&target.display().to_string(), &OpenOptions::default());
    std::fs::create_dir_all(root.join("source")).unwrap();
    std::fs::create_dir_all(root.join("rootfs/var/lib/dpkg")).unwrap();
    std::fs::write(root.join("rootfs/var/lib/dpkg/status"), "").unwrap();
    assert!(matches!(open(&root.join("source")), Ok(Opened::SourceFolder(_))));
    assert!(matches!(open(&root.join("rootfs")), Ok(Opened::RootFs(RootFs::Folder(_)))));
    // A link out of the folder counts without being followed.
    std::fs::create_dir_all(root.join("linked/etc")).unwrap();
    std::os::unix::fs::symlink("../usr/lib/os-release", root.join("linked/etc/os-release")).unwrap();
    assert!(matches!(open(&root.join("linked")), Ok(Opened::RootFs(RootFs::Folder(_)))));
    let tar = Tar::new().file("etc/os-release", "ID=x").bytes();
    for (name, bytes) in [("rootfs.tar", tar.clone()), ("rootfs.tar.gz", gzip(&tar))] {
        match open(&write(root, name, &bytes)) {
            Ok(Opened::RootFs(RootFs::Tar(layer))) => {
                let mut recorder = crate::common::Recorder::default();
                layer.walk(&image::Limits::default(), &mut recorder).unwrap();
                assert_eq!(recorder.paths(), ["etc/os-release"]);
            }
            other => panic!("{other:?}"),
        }
    }
    let sbom = write(root, "sbom.json", br#" {"$schema": "x", "bomFormat": "CycloneDX"}"#);
    assert!(matches!(open(&sbom), Ok(Opened::Sbom(_))));
    for (name, text) in [
        ("statement.json", r#"{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://spdx.dev/Document"}"#),
        ("bom.xml", "\u{feff}<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>"),
        ("app.spdx", "# made by hand\n\nSPDXVersion: SPDX-2.3\n"),
    ] {
        let sbom = write(root, name, text.as_bytes());
        assert!(matches!(open(&sbom), Ok(Opened::Sbom(_))), "{name}");
    }
    for scheme in ["source", "dir"] {
        assert!(image::open(&format!("{scheme}:{}", root.join("source").display()), &OpenOptions::default()).is_ok());
    }
    for (name, content) in [("notes.txt", &b"hello, this is no image at all"[..]), ("empty", b"")] {
        assert!(matches!(open(&write(root, name, content)), Err(Error::Unusable { .. })), "{name}");
    }
    assert!(matches!(open(&root.join("absent")), Err(Error::NotFound { .. })));
    for reserved in ["podman:alpine", "containerd:alpine"] {
        assert!(matches!(image::open(reserved, &OpenOptions::default()), Err(Error::Unusable { .. })));
    }
}

#[test]
fn damage_on_the_way_to_an_image() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = folder.path().join("blobs/sha256");
    sample().layout(folder.path(), Compression::Gzip);
    let names: Vec<PathBuf> = std::fs::read_dir(&blobs).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 4);
    for name in &names {
        let whole = std::fs::read(name).unwrap();
        let mut broken = whole.clone();
        let last = broken.len() - 1;
        broken[last] ^= 1;
        for damage in [Some(broken), None] {
            match damage {
                Some(bytes) => std::fs::write(name, bytes).unwrap(),
                None => std::fs::remove_file(name).unwrap(),
            }
            let opened = images(&folder.path().display().to_string(), &OpenOptions::default()).and_then(|(images, _)| {
                images[0].layers.iter().try_for_each(|layer| {
                    layer.walk(&image::Limits::default(), &mut crate::common::Recorder::default()).map(|_| ())
                })
            });
            let error = opened.unwrap_err().to_string();
            assert!(error.contains(&name.file_name().unwrap().to_string_lossy()[..]), "{error}");
        }
        std::fs::write(name, whole).unwrap();
    }
    open(folder.path());
}

#[test]
fn layers_that_cannot_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(folder.path());
    let image = sample().layer(Tar::new().file("secret", "x"));
    let config = layout.blob("application/vnd.oci.image.config.v1+json", &image.config_bytes());
    let mut layers: Vec<_> =
        image.layers.iter().map(|layer| layout.blob("application/vnd.oci.image.layer.v1.tar", layer)).collect();
    layers[0]["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip".into();
    layers[0]["digest"] = sha256(b"elsewhere").into();
    layers[1]["mediaType"] = "application/vnd.oci.image.layer.v1.tar+encrypted".into();
    let manifest = layout.manifest(&json!({"schemaVersion": 2, "config": config, "layers": layers}));
    layout.finish(&[manifest]);
    let (opened, _) = open(folder.path());
    let reasons: Vec<_> = opened.layers.iter().map(image::Layer::skip_reason).collect();
    assert!(reasons[0].as_ref().unwrap().contains("foreign") && reasons[1].as_ref().unwrap().contains("encrypted"));
    assert!(reasons[2].is_none() && opened.notes.len() == 2);
    assert!(opened.layers[0].walk(&image::Limits::default(), &mut crate::common::Recorder::default()).is_err());

    let windows = tempfile::tempdir().unwrap();
    sample().platform("windows", "amd64").layout(windows.path(), Compression::Gzip);
    assert!(open(windows.path()).0.layers.iter().all(|layer| layer.skip_reason().unwrap().contains("Windows")));
}

#[test]
fn manifests_that_contradict_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(folder.path());
    let config = layout.blob("application/vnd.oci.image.config.v1+json", &sample().config_bytes());
    let target = folder.path().display().to_string();
    for (manifest, expected) in [
        (json!({"schemaVersion": 2, "config": config, "layers": []}), "names 2 layers, the manifest 0"),
        (json!({"schemaVersion": 1, "fsLayers": []}), "schema 1"),
        (json!({"schemaVersion": 2, "layers": []}), "names no configuration"),
        (json!("text"), "cannot be understood"),
    ] {
        let descriptor = layout.manifest(&manifest);
        layout.finish(&[descriptor]);
        let error = images(&target, &OpenOptions::default()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    layout.finish(&[]);
    assert!(images(&target, &OpenOptions::default()).unwrap_err().to_string().contains("its index is empty"));
}

#[test]
fn halves_that_disagree_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::in_memory();
    let descriptor = layout.image(&sample(), Compression::Gzip);
    let other = sample().layer(Tar::new().file("hidden", "x"));
    let config = layout.blob("x", &other.config_bytes());
    let path = |descriptor: &serde_json::Value| descriptor["digest"].as_str().unwrap().replace("sha256:", "blobs/sha256/");
    let layers: Vec<String> = other.layers.iter().map(|layer| path(&layout.blob("x", layer))).collect();
    let manifest = json!([{"Config": path(&config), "RepoTags": ["a:1"], "Layers": layers}]);
    let bytes = layout.archive(&[tagged(descriptor, "a:1")]).file("manifest.json", manifest.to_string()).bytes();
    let file = write(folder.path(), "both.tar", &bytes);
    let (opened, notes) = open(&file);
    assert_eq!((opened.layers.len(), notes.len()), (2, 1), "{notes:?}");
    let forced = images(&format!("docker-archive:{}", file.display()), &OpenOptions::default()).unwrap();
    assert_eq!(forced.0[0].layers.len(), 3);
}
