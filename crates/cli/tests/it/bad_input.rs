//! Whatever is broken: one sentence and exit 2, or a warning where the rest could be judged. Never a panic, never a silent
//! zero.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testing::image::{Compression, Image, Layout, sha256, tagged};
use testing::mutate::Random;
use testing::tar::Tar;

use crate::command::{Sandbox, ids, program, run, sentences};
use crate::filters::leftovers;
use crate::fixture::{self, OF_APP, app, clean, debian, node, prepared};

/// Scans what must not be readable; the sentence. Nothing of it may be in the cache afterwards.
#[track_caller]
fn refused(sandbox: &Sandbox, target: &str) -> String {
    let sentence = sandbox.run(&["scan", "-q", "--db", "test.db", target]).fails();
    sandbox.run(&["sbom", "-q", target]).fails();
    sentence
}

#[test]
fn truncated_archives() {
    let sandbox = prepared();
    let layout = app().oci_archive(Compression::Gzip);
    let archive = app().docker_archive("app:1");
    let gzipped = testing::image::gzip(&archive);
    for (name, whole) in [("docker", &archive), ("oci", &layout), ("gzip", &gzipped)] {
        let mut random = Random::new(7);
        // The two end blocks of a tar may be missing; nothing else may.
        let most = if name == "gzip" { whole.len() } else { whole.len() - 1024 };
        for length in (0..40).map(|_| random.below(most)).chain([0, 1, 511, 512, 513, most - 513]) {
            sandbox.write("cut.tar", &whole[..length]);
            let outcome = sandbox.run(&["scan", "-q", "--db", "test.db", "docker-archive:cut.tar"]);
            assert!(outcome.code == 2, "{name} cut at {length} of {}: {}", whole.len(), outcome.text());
            outcome.fails();
        }
    }
}

#[test]
fn every_damaged_archive_is_refused_or_judged_as_before() {
    let sandbox = prepared();
    let whole = app().docker_archive("app:1");
    let of_whole = ids(&sandbox.scan(&["app.tar"])).join(" ");
    let (mut random, mut refused) = (Random::new(11), 0);
    for round in 0..120 {
        let mut damaged = whole.clone();
        let at = random.below(damaged.len());
        damaged[at] ^= 1 << random.below(8);
        sandbox.write("damaged.tar", &damaged);
        let cache = format!("cache-{round}");
        let arguments =
            ["scan", "-q", "--cache-dir", &cache, "--db", "test.db", "--format", "json", "docker-archive:damaged.tar"];
        let outcome = sandbox.run(&arguments);
        if outcome.code == 2 {
            outcome.fails();
            refused += 1;
        } else {
            // Bytes that mean nothing: padding, times, the names' zeros.
            assert_eq!(ids(&outcome.exits(0).json()).join(" "), of_whole, "byte {at}");
        }
    }
    assert!(refused > 20, "{refused} of 120 noticed");
}

/// A docker-archive with members of one's own making.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    members.iter().fold(Tar::new(), |tar, (name, content)| tar.file(name, content)).bytes()
}

#[test]
fn broken_manifests_and_missing_parts() {
    let sandbox = prepared();
    let image = clean();
    let (config, layer) = (image.config_bytes(), image.layers[0].clone());
    let manifest = |entry: Value| json!([entry]).to_string().into_bytes();
    let good = manifest(json!({"Config": "c.json", "RepoTags": ["x:1"], "Layers": ["l.tar"]}));
    let absent = manifest(json!({"Config": "c.json", "RepoTags": ["x:1"], "Layers": ["missing.tar"]}));
    let no_config = manifest(json!({"Config": "missing.json", "RepoTags": ["x:1"], "Layers": ["l.tar"]}));
    let too_few = manifest(json!({"Config": "c.json", "RepoTags": ["x:1"], "Layers": []}));
    let twice = manifest(json!({"Config": "c.json", "RepoTags": ["x:1"], "Layers": ["l.tar", "l.tar"]}));
    let other_config = app().config_bytes();
    for (what, manifest, config, layer, words) in [
        ("broken JSON", &good[..good.len() - 3], &config[..], &layer[..], "manifest.json"),
        ("no JSON", b"\xff\xfe", &config, &layer, "manifest.json"),
        ("a number", b"3", &config, &layer, "manifest.json"),
        ("an empty list", b"[]", &config, &layer, ""),
        ("null", b"null", &config, &layer, "manifest.json"),
        ("deeply nested", &b"[".repeat(200_000), &config, &layer, "manifest.json"),
        ("a missing layer", &absent, &config, &layer, "missing.tar"),
        ("a missing configuration", &no_config, &config, &layer, "missing.json"),
        ("fewer layers than diff ids", &too_few, &config, &layer, "layer"),
        ("more layers than diff ids", &twice, &config, &layer, "layer"),
        ("a broken configuration", &good, b"{", &layer, "c.json"),
        ("another image's configuration", &good, &other_config, &layer, "layer"),
        ("no tar as a layer", &good, &config, b"this is no tar", "layer"),
        ("an empty layer", &good, &config, b"", "layer"),
    ] {
        sandbox.write("bad.tar", archive(&[("c.json", config), ("l.tar", layer), ("manifest.json", manifest)]));
        let sentence = refused(&sandbox, "docker-archive:bad.tar");
        assert!(sentence.contains(words), "{what}: {sentence}");
    }
    assert!(!sandbox.cache().join("layers").exists());
    sandbox.write("good.tar", archive(&[("c.json", &config), ("l.tar", &layer), ("manifest.json", &good)]));
    sandbox.scan(&["good.tar"]);
}

#[test]
fn a_layer_with_a_wrong_digest_is_named_and_never_kept() {
    let sandbox = prepared();
    // In a layout the blob is not what the descriptor says; in an archive the tar is not what the diff id says.
    for (name, compression) in [("plain", Compression::Plain), ("gzip", Compression::Gzip), ("zstd", Compression::Zstd)] {
        let image = app();
        image.layout(&sandbox.path(name), compression);
        let digest = sha256(&compression.compress(&image.layers[1]));
        let blob = sandbox.path(name).join("blobs/sha256").join(&digest[7..]);
        fs::write(&blob, compression.compress(&clean().layers[0])).unwrap();
        let sentence = refused(&sandbox, name);
        assert!(sentence.contains("layer") && sentence.contains(&digest[7..19]), "{name}: {sentence}");
        fs::remove_file(&blob).unwrap();
        assert!(refused(&sandbox, name).contains(&digest[7..19]));
    }
    // The layers that were whole may be there, the wrong one under neither name.
    let kept = |diff_id: &str| {
        let hex = &diff_id[7..];
        let folder = sandbox.cache().join("layers").join(&hex[..2]);
        fs::read_dir(folder)
            .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(hex)))
    };
    assert!(!kept(&sha256(&app().layers[1])) && !kept(&sha256(&clean().layers[0])));

    let image = app();
    let saved = image.docker_archive("app:1");
    let at = saved.windows(6).position(|bytes| bytes == b"lodash").unwrap();
    let mut damaged = saved;
    damaged[at..at + 6].copy_from_slice(b"LODASH");
    sandbox.write("damaged.tar", damaged);
    let sentence = refused(&sandbox, "damaged.tar");
    assert!(sentence.contains("layer") && sentence.contains(&sha256(&image.layers[1])), "{sentence}");
    assert!(!kept(&sha256(&image.layers[1])));

    // Once the right layer was read, the cache answers for it, unless one asks to read it all the same.
    app().layout(&sandbox.path("later"), Compression::Gzip);
    assert_eq!(ids(&sandbox.scan(&["later"])), OF_APP);
    let digest = sha256(&Compression::Gzip.compress(&app().layers[1]));
    fs::write(sandbox.path("later/blobs/sha256").join(&digest[7..]), b"something else").unwrap();
    assert!(sandbox.run(&["scan", "--db", "test.db", "later", "--verify-layers"]).fails().contains("layer"));
}

#[test]
fn tags_and_platforms_that_are_not_there() {
    let sandbox = prepared();
    clean().layout(&sandbox.path("layout"), Compression::Plain);
    let mut layout = Layout::new(&sandbox.path("index"));
    let child = testing::image::for_platform(layout.image(&clean(), Compression::Plain), "linux", "amd64");
    let index = layout.index(&[child]);
    layout.finish(&[tagged(index, "latest")]);
    for (arguments, words) in [
        (&["oci:layout:missing"][..], "missing"),
        (&["docker-archive:app.tar:missing"], "missing"),
        (&["index", "--platform", "linux/s390x"], "linux/s390x"),
        (&["app.tar", "--platform", "windows/amd64"], "windows/amd64"),
        (&["oci:app.tar"], "app.tar"),
        (&["oci-archive:clean.tar"], "clean.tar"),
        (&["sbom:app.tar"], "app.tar"),
        (&["source:missing"], "missing"),
    ] {
        let sentence = sandbox.run(&[&["scan", "-q", "--db", "test.db"], arguments].concat()).fails();
        assert!(sentence.contains(words), "{arguments:?}: {sentence}");
    }
}

/// What is broken inside an image is a warning: the rest is judged.
#[test]
fn garbage_inside_an_image_is_a_warning() {
    let sandbox = prepared();
    for (path, content) in [
        ("lib/apk/db/installed", &b"\xff\xfe\x00garbage without end"[..]),
        ("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3\0 and then nothing that makes sense"),
        ("usr/lib/sysimage/rpm/Packages.db", b"RpmP and then nothing"),
        ("var/lib/rpm/Packages", b"no Berkeley DB"),
        ("srv/app.jar", b"PK\x03\x04 cut off"),
        ("srv/web/node_modules/bad/package.json", b"{\"name\": \"bad\", \"version\": "),
        ("srv/vendor/composer/installed.json", b"{\"packages\": ["),
        ("srv/app.deps.json", b"{\"libraries\": "),
        ("srv/lib/python3.11/site-packages/bad-1.dist-info/METADATA", b"\xff\xff"),
        ("opt/sbom/bom.cdx.json", b"{\"bomFormat\": \"CycloneDX\", "),
        ("opt/sbom/bom.cdx.xml", b"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>"),
        ("opt/sbom/app.spdx", b"SPDXVersion: SPDX-2.3\nPackageName: <text>a"),
    ] {
        let image = app().layer(Tar::new().file(path, content));
        sandbox.write("garbage.tar", image.docker_archive("garbage:1"));
        let report = sandbox.scan(&["garbage.tar"]);
        assert_eq!(ids(&report), OF_APP, "{path}");
        let warnings = sentences(&report["warnings"]);
        assert!(warnings.contains(path), "{path}: {warnings}");
    }
}

/// What a package database would have listed is not known: no gate passes over it, whatever else the image holds.
#[test]
fn a_broken_package_database_is_undetermined() {
    let sandbox = prepared();
    let gate = |image: Image, code: i32| {
        sandbox.write("gated.tar", image.docker_archive("gated:1"));
        let outcome = sandbox.run(&["scan", "-q", "--db", "test.db", "--format", "json", "gated.tar", "--fail-on", "critical"]);
        let report = outcome.exits(code).json();
        let warnings = sentences(&report["warnings"]);
        assert!(code == 0 || !warnings.is_empty(), "{warnings}");
    };
    let with = |path: &str, content: &str| {
        let tar = Tar::new().file("etc/os-release", fixture::SID).file(path, content);
        Image::new().layer(node(tar, "srv", "left-pad", "1.0.0"))
    };
    for (path, content) in [
        ("var/lib/dpkg/status", "\u{0}\u{1}\u{2}"),
        ("var/lib/dpkg/status", "no paragraph at all"),
        ("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: \n\n"),
        ("var/lib/rpm/rpmdb.sqlite", "SQLite format 3\0 and then nothing"),
        ("var/lib/rpm/Packages", "no Berkeley DB"),
        ("lib/apk/db/installed", "P:\nV:\n\n"),
    ] {
        gate(with(path, content), 2);
        // A layer above that puts it right, or takes it away, is what counts.
        gate(with(path, content).layer(Tar::new().whiteout(path)).layer(debian(&[("bash", "5.2.15-2")])), 0);
    }
    // Emptied, it hides what is installed.
    gate(with("var/lib/dpkg/status", ""), 2);
}

/// A list of packages that cannot be read hides what it lists, however much stands beside it.
#[test]
fn a_broken_list_of_packages_is_undetermined() {
    let sandbox = prepared();
    sandbox.write(
        "source/Gemfile.lock",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rake (13.0.6)\n\nDEPENDENCIES\n  rake\n",
    );
    for (name, content) in [
        ("package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {"),
        ("composer.lock", "[]]"),
        ("requirements.txt", "flask>=1.0\ngit+https://example.com/a.git\n"),
    ] {
        sandbox.write(&format!("source/{name}"), content);
        let scan =
            ["scan", "-q", "--db", "test.db", "--format", "json", "source", "--fail-on", "critical", "--max-db-age", "9999d"];
        let report = sandbox.run(&scan).exits(2).json();
        assert!(sentences(&report["warnings"]).contains(name), "{name}");
        let reasons = report["decision"]["reasons"].to_string();
        assert!(reasons.contains(&format!("{name} could not be read")), "{reasons}");
        std::fs::remove_file(sandbox.path(&format!("source/{name}"))).unwrap();
    }
}

/// The same holds for the record of a single package.
#[test]
fn a_broken_record_of_an_installed_package_is_undetermined() {
    let sandbox = prepared();
    let gate = |path: &str, content: &[u8]| {
        let tar = node(debian(&[("bash", "5.2.15-2")]).file(path, content), "srv", "left-pad", "1.0.0");
        sandbox.write("gated.tar", Image::new().layer(tar).docker_archive("gated:1"));
        let scan = ["scan", "-q", "--db", "test.db", "--format", "json", "gated.tar", "--fail-on", "critical"];
        let outcome = sandbox.run(&scan);
        let report = outcome.json();
        assert!(sentences(&report["warnings"]).contains(path), "{path}");
        (outcome.code, report["decision"]["reasons"].to_string())
    };
    for (path, content) in [
        ("srv/app.jar", &b"no archive at all"[..]),
        ("srv/node_modules/b/package.json", b"{\"name\": \"b\", \"version\": "),
        ("srv/lib/python3/site-packages/b-1.dist-info/METADATA", b"Version: 1\n"),
        ("srv/gems/specifications/b.gemspec", b"s.name = 'b'\ns.version = B::VERSION"),
        ("srv/b.deps.json", b"{"),
        ("opt/conda/conda-meta/b.json", b"[]"),
    ] {
        let (code, reasons) = gate(path, content);
        assert_eq!(code, 2, "{path}: {reasons}");
        assert!(reasons.contains(&format!("/{path} could not be read")), "{reasons}");
    }
    // What a package ships to test itself with was never installed.
    assert_eq!(gate("srv/node_modules/left-pad/lib/broken/package.json", b"{").0, 0);
}

#[test]
fn nothing_from_an_image_drives_the_terminal() {
    let sandbox = prepared();
    let layer = node(Tar::new(), "srv/\u{1b}[2J", "lodash", "4.17.4");
    let layer =
        layer.file("srv/node_modules/evil/package.json", r#"{"name": "\u001b]0;owned\u0007", "version": "1.0.0\u001b[31m"}"#);
    let status = "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.1\u{1b}[8m-1\n\n";
    let layer = layer.file("etc/os-release", "ID=debian\nVERSION_CODENAME=sid\nPRETTY_NAME=\"\u{1b}[5mDebian\"\n");
    let image =
        Image::new().layer(layer.file("var/lib/dpkg/status", status)).layer(Tar::new().file("\u{1b}[1m.jar", "PK\x03\x04"));
    let image = image.set("config", json!({"User": "\u{1b}[7m", "Labels": {"\u{1b}[7m": "\u{1b}[7m"}}));
    sandbox.write("evil.tar", image.docker_archive("\u{1b}[2Jevil:1"));
    for arguments in [
        &["scan", "--db", "test.db", "evil.tar"][..],
        &["scan", "--db", "test.db", "evil.tar", "--explain", "CVE-2024-4001"],
        &["scan", "--db", "test.db", "--format", "json", "evil.tar"],
        &["scan", "--db", "test.db", "--format", "html", "evil.tar"],
        &["sbom", "--format", "table", "evil.tar"],
        &["sbom", "--format", "purl", "evil.tar"],
        &["sbom", "--format", "cyclonedx-json", "evil.tar"],
        &["-v", "scan", "--db", "test.db", "docker-archive:evil.tar:\u{1b}[2J"],
        &["scan", "--db", "test.db", "missing-\u{1b}[2J.tar"],
    ] {
        let outcome = sandbox.run(arguments);
        let drives = |text: &str| text.chars().any(|character| character.is_control() && character != '\n' && character != '\t');
        assert!(!drives(outcome.text()) && !drives(&outcome.stderr), "{arguments:?}: {:?} {:?}", outcome.text(), outcome.stderr);
    }
}

/// A registry that refuses, and one that never answers.
#[test]
fn registries_that_do_not_serve() {
    let sandbox = prepared();
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for (address, timeout) in [(closed, "30s"), (silent.local_addr().unwrap(), "1s")] {
        let begun = Instant::now();
        let target = format!("registry:{address}/app:1");
        let sentence =
            run(sandbox.command().args(["--cache-dir", "cache", "scan", "--db", "test.db", "--timeout", timeout, &target]))
                .fails();
        assert!(sentence.contains(&address.to_string()), "{sentence}");
        assert!(begun.elapsed() < Duration::from_secs(25), "{address} took {:?}", begun.elapsed());
    }
    assert!(sandbox.run(&["scan", "--db", "test.db", "--timeout", "0s", "app.tar"]).fails().contains("--timeout"));
}

#[test]
fn broken_sboms() {
    let sandbox = prepared();
    sandbox.run(&["sbom", "--format", "cyclonedx-json", "-o", "good.json", "app.tar"]).exits(0);
    sandbox.run(&["sbom", "--format", "spdx-json", "-o", "spdx.json", "app.tar"]).exits(0);
    for name in ["good.json", "spdx.json"] {
        let whole = sandbox.read(name);
        for length in [0, 1, whole.len() / 2, whole.len() - 3] {
            sandbox.write("cut.json", &whole[..length]);
            let sentence = sandbox.run(&["scan", "-q", "--db", "test.db", "sbom:cut.json"]).fails();
            assert!(sentence.contains("cut.json"), "{sentence}");
        }
    }
    for text in [
        "{}",
        "[]",
        "null",
        "7",
        "{\"bomFormat\": \"CycloneDX\"",
        "{\"spdxVersion\": 3}",
        "SPDXVersion: SPDX-3.0\n",
        "SPDXVersion: SPDX-2.3\nA: <text>",
        "<?xml version=\"1.0\"?><bom/>",
    ] {
        sandbox.write("odd.json", text);
        sandbox.run(&["scan", "-q", "--db", "test.db", "sbom:odd.json"]).fails();
    }
    // One component that cannot be read is listed as unjudged; the rest is judged.
    let mut document: Value = serde_json::from_slice(&sandbox.read("good.json")).unwrap();
    document["components"].as_array_mut().unwrap().push(json!({"type": "library", "name": "x", "purl": "pkg:not a purl"}));
    sandbox.write("partly.json", document.to_string());
    let report = sandbox.scan(&["partly.json"]);
    assert_eq!(ids(&report), OF_APP);
    assert_eq!(report["coverage"].as_array().unwrap().iter().find(|row| row["type"] == "generic").unwrap()["unjudged"], 1);
}

/// What a user without rights cannot read of a root file system is said, and no gate passes over it.
#[test]
fn unreadable_parts_of_a_root() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = prepared();
    sandbox.write("root/etc/os-release", fixture::SID);
    let status = sandbox.write("root/var/lib/dpkg/status", fixture::dpkg_status(&[("openssl", "3.0.1-1")]));
    let manifest = sandbox.write("root/srv/node_modules/left-pad/package.json", r#"{"name": "left-pad", "version": "1.0.0"}"#);
    for path in [&status, &manifest] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        let scan = ["scan", "--db", "test.db", "--format", "json", "--fail-on", "critical", "dir:root"];
        let outcome = run(as_nobody(&sandbox).args(scan));
        let report = outcome.json();
        let name = path.strip_prefix(sandbox.path("root")).unwrap().display().to_string();
        assert!(sentences(&report["warnings"]).contains(&name), "{name}: {}", report["warnings"]);
        if *path == status {
            outcome.exits(2);
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
}

/// Who unpacks a layer is left with the last of several entries of one name.
#[test]
fn the_last_entry_of_a_name_counts() {
    let sandbox = prepared();
    let twice = debian(&[("openssl", "3.0.1-1")]).file("var/lib/dpkg/status", fixture::dpkg_status(&[("openssl", "3.0.11-1")]));
    sandbox.write("twice.tar", Image::new().layer(twice).docker_archive("x:1"));
    let report = sandbox.scan(&["twice.tar"]);
    assert!(ids(&report).is_empty(), "{:?}", ids(&report));
    assert_eq!(report["packages"].as_array().unwrap().len(), 1);
    let hidden = Tar::new().file("etc/os-release", fixture::EDGE).file("etc/os-release", fixture::SID);
    let hidden = hidden.file("var/lib/dpkg/status", fixture::dpkg_status(&[("openssl", "3.0.1-1")]));
    sandbox.write("hidden.tar", Image::new().layer(hidden).docker_archive("x:1"));
    assert_eq!(ids(&sandbox.scan(&["hidden.tar"])), ["CVE-2024-1001"]);
}

/// A flipped bit anywhere in the database is noticed, or lies where this scan does not look; it never changes an answer.
#[test]
fn no_flipped_bit_of_the_database_changes_an_answer() {
    let sandbox = prepared();
    let whole = sandbox.read("test.db");
    let scan = |database: &str| {
        let mut command = sandbox.offline(&["scan", "--db", database, "--format", "json", "app.tar"]);
        run(command.env("SOURCE_DATE_EPOCH", "1767225600"))
    };
    let answer = scan("test.db").exits(0).stdout;
    let mut random = Random::new(3);
    // Every byte of the head and of the end, where the layout is told, and some of the rest.
    let sampled = (0..200).map(|_| random.below(whole.len())).collect::<Vec<_>>();
    let places = (0..64).chain(whole.len() - 64..whole.len()).chain(sampled);
    let (mut noticed, mut tried) = (0, 0);
    for at in places {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << random.below(8);
        sandbox.write("damaged.db", &damaged);
        tried += 1;
        let outcome = scan("damaged.db");
        if outcome.code == 2 {
            noticed += 1;
            assert!(outcome.fails().contains("damaged.db"), "byte {at}");
        } else {
            assert!(outcome.exits(0).stdout == answer, "byte {at} changes the answer");
        }
        let info = sandbox.run(&["db", "info", "--verify", "--db", "damaged.db"]).fails();
        assert!(!info.is_empty(), "byte {at}");
    }
    assert!(noticed > tried / 4, "{noticed} of {tried} noticed");
    for length in (0..20).map(|_| random.below(whole.len())).chain([0, 1, 8, whole.len() - 1]) {
        sandbox.write("cut.db", &whole[..length]);
        assert!(scan("cut.db").fails().contains("cut.db"), "cut at {length}");
    }
    sandbox.write("long.db", [&whole[..], b"x"].concat());
    scan("long.db").fails();
}

/// As root everything can be read; a folder in the place of a file cannot, whoever asks.
#[test]
fn files_that_cannot_be_read() {
    let sandbox = prepared();
    fs::create_dir(sandbox.path("folder.db")).unwrap();
    fs::create_dir(sandbox.path("folder.toml")).unwrap();
    fs::create_dir_all(sandbox.path("layout/blobs")).unwrap();
    sandbox.write("layout/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    fs::create_dir(sandbox.path("layout/index.json")).unwrap();
    fs::create_dir_all(sandbox.path("cache-file")).unwrap();
    for (arguments, words) in [
        (&["scan", "--db", "folder.db", "app.tar"][..], "folder.db"),
        (&["db", "info", "--db", "folder.db"], "folder.db"),
        (&["--config", "folder.toml", "cache"], "folder.toml"),
        (&["scan", "--db", "test.db", "oci:layout"], "index.json"),
        (&["scan", "--db", "test.db", "docker-archive:layout"], "layout"),
        (&["scan", "--db", "test.db", "sbom:layout"], "layout"),
        (&["scan", "--db", "test.db", "--format", "template=layout", "app.tar"], "layout"),
        (&["db", "build", "--feeds", "app.tar", "-o", "x.db"], "app.tar"),
        (&["db", "build", "--feeds", "feeds-of-test.db", "-o", "folder.db"], "folder.db"),
        (&["db", "update", "--from", "file:folder.db"], "folder.db"),
        (&["scan", "--db", "test.db", "-o", "layout", "app.tar"], "layout"),
    ] {
        let sentence = sandbox.run(arguments).fails();
        assert!(sentence.contains(words), "{arguments:?}: {sentence}");
    }
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(sandbox.path("app.tar"), fs::Permissions::from_mode(0o000)).unwrap();
    assert!(run(as_nobody(&sandbox).args(["scan", "--db", "test.db", "app.tar"])).fails().contains("app.tar"));
    fs::set_permissions(sandbox.path("app.tar"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(sandbox.path("test.db"), fs::Permissions::from_mode(0o000)).unwrap();
    assert!(run(as_nobody(&sandbox).args(["scan", "--db", "test.db", "app.tar"])).fails().contains("test.db"));
}

/// The program as a user without rights runs it: a copy in a place that everybody can reach.
fn as_nobody(sandbox: &Sandbox) -> Command {
    use std::os::unix::fs::PermissionsExt as _;
    let copy = sandbox.path("plimsoll");
    if !copy.exists() {
        // Copied by another process: a program that a thread of this one is writing cannot be run by what a second one forks.
        assert!(Command::new("cp").arg(program()).arg(&copy).status().unwrap().success());
        let work = sandbox.path("");
        for open in [copy.as_path(), &work, work.parent().unwrap()] {
            fs::set_permissions(open, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    let mut command = sandbox.prepare(Command::new(copy));
    let status = fs::read_to_string("/proc/self/status").unwrap();
    if status.lines().any(|line| line.starts_with("Uid:\t0\t")) {
        use std::os::unix::process::CommandExt as _;
        command.uid(65534).gid(65534);
    }
    command.args(["--offline", "--cache-dir", "/nonexistent/cache"]);
    command
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let sandbox = prepared();
    let sentence = sandbox.run(&["scan", "--db", "test.db", "--format", "json", "-o", "/dev/full", "app.tar"]).fails();
    assert!(sentence.contains("/dev/full"), "{sentence}");
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in
        [&["scan", "--db", "test.db", "app.tar"][..], &["sbom", "app.tar"], &["db", "info", "--db", "test.db"], &["man"]]
    {
        let outcome = run(sandbox.offline(arguments).stdout(full()));
        assert!(outcome.fails().contains("standard output"), "{arguments:?}");
    }

    sandbox.write("large.tar", crate::determinism::layered().docker_archive("large:1"));
    fs::create_dir(sandbox.path("small")).unwrap();
    let program = program().display();
    // A disk with 4 KiB left that only this process sees; what the command left there is told at the end.
    let on_small_disk = |line: &str| {
        let mut command = sandbox.prepare(Command::new("unshare"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let script = format!(
            "mount -t tmpfs -o size=24k none small || exit 77; head -c 20480 /dev/zero > small/old; {line}; code=$?; ls -A small >&2; exit $code"
        );
        run(command.args(["-rm", "sh", "-c", &script]))
    };
    let probe = on_small_disk("true");
    if probe.code != 0 {
        testing::skip::<()>("unshare with mounts");
        return;
    }
    // The cache is a convenience: the verdict stands without it, and the reason is said.
    let outcome =
        on_small_disk(&format!("{program} --offline --cache-dir small/cache scan --db test.db --format json large.tar"));
    let report = outcome.exits(0).json();
    assert!(report["findings"].as_array().is_some_and(|findings| findings.len() > 5));
    assert!(sentences(&report["warnings"]).contains("the cache at small/cache"), "{}", report["warnings"]);
    for line in [
        "--offline --cache-dir cache scan --db test.db --format json -o small/report.json large.tar",
        "--offline --cache-dir cache db build --feeds feeds-of-test.db -o small/new.db",
        "--offline --cache-dir cache sbom --format spdx-json -o small/sbom.json large.tar",
    ] {
        let outcome = on_small_disk(&format!("{program} {line}")).exits(2);
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert!(lines[0].starts_with("plimsoll: ") && lines[0].contains("small/"), "{}", outcome.stderr);
        assert_eq!(lines[1..], ["old"], "{line} leaves something behind");
    }
}

#[test]
fn broken_feeds_are_errors_or_warnings_that_name_them() {
    let sandbox = prepared();
    let build = || sandbox.run(&["db", "build", "--feeds", "broken", "-o", "test.db"]);
    for (path, content) in [
        ("osv/PyPI/all.zip", &b"no zip"[..]),
        ("osv/PyPI/all.zip", b"PK\x03\x04 cut off"),
        ("osv/PyPI/all.zip", b""),
        ("alpine/edge/main.json", b"{\"packages\": ["),
        ("kev/known_exploited_vulnerabilities.json", b"[]"),
        ("osv/malicious-packages.tar.zst", b"no zstd"),
    ] {
        fixture::feeds(&sandbox, "broken", &fixture::days_ago(1));
        sandbox.write(&format!("broken/{path}"), content);
        let before = sandbox.read("test.db");
        let sentence = build().fails();
        assert!(sentence.contains(path), "{path}: {sentence}");
        assert!(before == sandbox.read("test.db"), "the database stays as it was");
        fs::remove_dir_all(sandbox.path("broken")).unwrap();
    }
    // One bad record among good ones is a warning, and so is a stranger.
    fixture::feeds(&sandbox, "broken", &fixture::days_ago(1));
    let records = [
        json!({"id": "GHSA-bad", "affected": 7}),
        json!({"id": "MAL-2024-2", "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "npm", "name": "evil"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}),
    ];
    sandbox.write("broken/osv/npm/all.zip", fixture::zip(&records));
    sandbox.write("broken/strange.bin", b"x");
    let outcome = build().exits(0);
    assert!(outcome.stderr.contains("GHSA-bad") && outcome.stderr.contains("strange.bin"), "{}", outcome.stderr);
    assert_eq!(leftovers(&sandbox), Vec::<String>::new());
    // Nothing at all is no database.
    fs::create_dir(sandbox.path("nothing")).unwrap();
    let outcome = sandbox.run(&["db", "build", "--feeds", "nothing", "-o", "nothing.db"]);
    if outcome.code == 0 {
        sandbox.run(&["scan", "-q", "--db", "nothing.db", "clean.tar", "--fail-on", "critical"]).exits(2);
    } else {
        outcome.fails();
    }
}
