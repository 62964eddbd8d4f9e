//! Archives that other tools wrote, and what GNU tar says is in them.

use std::path::Path;

use image::{Limits, OpenOptions, Opened, RootFs};

use crate::common::{Recorder, open, walk_image};

/// The names GNU tar lists, without the root and trailing slashes.
fn listed(tar: &Path) -> Option<Vec<String>> {
    let output = testing::tool("tar", &["--version"])?.args(["--quoting-style=literal", "-tf"]).arg(tar).output().unwrap();
    assert!(output.status.success());
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = names.lines().map(|name| name.trim_start_matches("./").trim_end_matches('/').to_owned());
    Some(names.filter(|name| !name.is_empty()).collect())
}

/// The name as it is stored: whiteouts bear a prefix there.
fn stored(recorder: &Recorder) -> Vec<String> {
    recorder
        .seen
        .iter()
        .map(|seen| {
            let (folder, name) =
                seen.path.rsplit_once('/').map_or((String::new(), &seen.path[..]), |(f, n)| (format!("{f}/"), n));
            match seen.kind {
                image::EntryKind::Whiteout => format!("{folder}.wh.{name}"),
                image::EntryKind::Opaque => format!("{}/.wh..wh..opq", seen.path),
                _ => seen.path.clone(),
            }
        })
        .collect()
}

#[test]
fn the_odd_layers_hold_what_tar_lists() {
    let Some(archive) = testing::real_data("images/built/layers.docker.tar") else { return };
    let (image, _) = open(&archive);
    let seen = walk_image(&image);
    assert_eq!(seen.len(), 5);
    let folder = tempfile::tempdir().unwrap();
    let Some(mut tar) = testing::tool("tar", &["--version"]) else { return };
    assert!(tar.arg("-xf").arg(&archive).arg("-C").arg(folder.path()).status().unwrap().success());
    for (layer, recorder) in image.layers.iter().zip(&seen) {
        let file = folder.path().join(format!("{}.tar", layer.diff_id.unwrap().hex()));
        let Some(expected) = listed(&file) else { return };
        assert_eq!(stored(recorder), expected, "{}", layer.name);
        assert!(recorder.problems.is_empty());
    }
    assert_eq!(seen[1].get("data/b").link, "data/a");
    assert_eq!(seen[1].get("up").link, "../../../../etc/os-release");
}

#[test]
fn one_image_in_four_forms() {
    let forms = ["layers.docker.tar", "layers.oci.tar", "layers-zstd.oci.tar", "layers-docker25.tar"];
    let Some(paths) = forms.iter().map(|form| testing::real_data(&format!("images/built/{form}"))).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let (first, _) = open(&paths[0]);
    let expected: Vec<_> = walk_image(&first).into_iter().map(|recorder| recorder.seen).collect();
    for path in &paths[1..] {
        let (image, notes) = open(path);
        assert!(image.info.digest.is_some() && notes.is_empty(), "{path:?}");
        let seen: Vec<_> = walk_image(&image).into_iter().map(|recorder| recorder.seen).collect();
        // The one with zstd was built another day: same files, other times.
        if !path.ends_with("layers-zstd.oci.tar") {
            assert_eq!(image.info.config_digest, first.info.config_digest, "{path:?}");
        }
        assert!(seen == expected, "{path:?}");
    }
}

#[test]
fn archives_of_other_projects() {
    for (name, layers) in [
        ("alpine-310.docker.tar.gz", Some(1)),
        ("gcr-whiteout_image.tar", Some(3)),
        ("gcr-overwritten_file.tar", Some(3)),
        ("gcr-whiteout_dir.tar", Some(4)),
        ("gcr-source_image_with_empty_layer_history.tar", Some(1)),
        ("gcr-hello-world-v25.tar", Some(1)),
        ("gcr-test_bundle.tar", Some(1)),
        ("gcr-test_link.tar", None),
        ("stereoscope-valid-oci.tar", Some(1)),
    ] {
        let Some(path) = testing::real_data(&format!("images/archives/{name}")) else { return };
        let (image, _) = open(&path);
        let seen = walk_image(&image);
        if let Some(layers) = layers {
            assert_eq!(seen.len(), layers, "{name}");
        }
    }
    for (name, expected) in [("gcr-no_manifest.tar", "older than 1.10"), ("gcr-null_manifest.tar", "lists no image")] {
        let Some(path) = testing::real_data(&format!("images/archives/{name}")) else { return };
        let error = image::open(&path.display().to_string(), &OpenOptions::default()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn root_file_systems_in_a_tar() {
    for name in [
        "rootfs/alpine-minirootfs-3.6.5-x86_64.tar.gz",
        "rootfs/alpine-minirootfs-3.20.3-x86_64.tar.gz",
        "rootfs/almalinux-9-micro-20221101-aarch64.tar.xz",
        "archives/claircore-concat.tar",
    ] {
        let Some(path) = testing::real_data(&format!("images/{name}")) else { return };
        for target in [path.display().to_string(), format!("dir:{}", path.display())] {
            let Ok(Opened::RootFs(RootFs::Tar(layer))) = image::open(&target, &OpenOptions::default()) else { panic!("{name}") };
            let mut recorder = Recorder::default();
            layer.walk(&Limits::default(), &mut recorder).unwrap();
            let Some(mut expected) = listed(&path) else { return };
            if name.contains("concat") {
                // GNU tar stops at the first end, we read on as the engines' own unpacking of such layers needs it.
                expected.extend(["var", "var/run", "var/run/console", "var/run/console/algo.txt"].map(str::to_owned));
                expected.dedup();
            }
            let seen = stored(&recorder);
            assert!(expected.iter().all(|name| seen.contains(name)), "{name}");
            assert!(recorder.problems.is_empty(), "{:?}", recorder.problems);
        }
    }
}

#[test]
fn a_large_image() {
    let Some(path) = testing::built_image("debian12.docker.tar") else { return };
    let (image, _) = open(&path);
    for layer in &image.layers {
        let mut blind = Recorder { blind: true, ..Recorder::default() };
        let walked = layer.walk(&Limits::default(), &mut blind).unwrap();
        assert_eq!(Some(walked.diff_id), layer.diff_id);
        assert_eq!(walked.entries as usize, blind.seen.len());
        assert!(walked.entries > 5000);
    }
}
