//! Whatever the bytes, every reader comes back, soon and without a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{read, zip};

/// A well-formed file for each reader and each of its formats.
fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let war = zip::write(&[("WEB-INF/lib/a.jar", &zip::jar("a")), ("META-INF/maven/g/b/pom.xml", POM)], true);
    vec![
        (
            "language/python",
            "a.dist-info/METADATA",
            text("Name: a\nVersion: 1\nLicense: x\n y\nClassifier: License :: OSI Approved :: MIT\n\nz"),
        ),
        ("language/conda", "conda-meta/a.json", text(r#"{"name": "a", "version": "1", "license": "MIT", "files": ["x"]}"#)),
        (
            "language/dotnet",
            "a.deps.json",
            text(
                r#"{"runtimeTarget": {"name": "t"}, "targets": {"t": {"a/1": {"runtime": {"a": {}}}}}, "libraries": {"a/1": {"type": "package"}}}"#,
            ),
        ),
        ("language/egg", "a.egg", zip::write(&[("EGG-INFO/PKG-INFO", b"Name: a\nVersion: 1\n\nx")], true)),
        ("language/java", "a.war", war),
        (
            "language/javascript",
            "node_modules/a/package.json",
            text(r#"{"name": "a", "version": "1", "licenses": [{"type": "MIT"}]}"#),
        ),
        (
            "language/php",
            "composer/installed.json",
            text(r#"{"packages": [{"name": "a/b", "version": "v1", "license": ["MIT"]}]}"#),
        ),
        ("language/r", "library/a/DESCRIPTION", text("Package: a\nVersion: 1\nBuilt: R\nLicense: GPL\n")),
        (
            "language/ruby",
            "specifications/a.gemspec",
            text("  s.name = \"a\".freeze\n  s.version = \"1\"\n  s.licenses = [\"MIT\".freeze]\n"),
        ),
        ("language/lock/bun", "bun.lock", text("{\"packages\": {\"a\": [\"a@1\", \"\", {}, \"x\",],},}")),
        ("language/lock/bundler", "Gemfile.lock", text("GEM\n  specs:\n    a (1)\n      b (> 1)\n\nDEPENDENCIES\n  a\n")),
        ("language/lock/cargo", "Cargo.lock", text("[[package]]\nname = \"a\"\nversion = \"1\"\nsource = \"registry+x\"\n")),
        ("language/lock/cocoapods", "Podfile.lock", text("PODS:\n  - a/b (1):\n    - c\n")),
        ("language/lock/composer", "composer.lock", text(r#"{"packages": [{"name": "a/b", "version": "1"}]}"#)),
        ("language/lock/conan", "conan.lock", text(r#"{"requires": ["a/1#b%1"]}"#)),
        (
            "language/lock/go",
            "go.mod",
            text("module m\ntoolchain go1.22.1\nrequire (\n\ta.b/c v1.0.0 // x\n)\nreplace a.b/c => d.e/f v2.0.0\n"),
        ),
        ("language/lock/gradle", "gradle.lockfile", text("a:b:1=x\nempty=\n")),
        ("language/lock/haskell", "cabal.project.freeze", text("constraints: any.a ==1,\n b +flag\n")),
        ("language/lock/haskell", "stack.yaml.lock", text("packages:\n- completed:\n    hackage: a-1@sha256:x\n")),
        ("language/lock/maven", "pom.xml", POM.to_vec()),
        ("language/lock/mix", "mix.lock", text("%{\n  \"a\": {:hex, :a, \"1\", \"x\"},\n}\n")),
        (
            "language/lock/npm",
            "package-lock.json",
            text(r#"{"packages": {"node_modules/@a/b": {"version": "1", "license": "MIT"}}}"#),
        ),
        (
            "language/lock/npm",
            "package-lock.json",
            text(r#"{"dependencies": {"a": {"version": "npm:b@1", "dependencies": {"c": {"version": "1"}}}}}"#),
        ),
        (
            "language/lock/nuget",
            "packages.lock.json",
            text(r#"{"dependencies": {"net6": {"A": {"type": "Direct", "resolved": "1"}}}}"#),
        ),
        ("language/lock/nuget", "packages.config", text("<packages><package id=\"A\" version=\"1\"/></packages>")),
        ("language/lock/pipfile", "Pipfile.lock", text(r#"{"default": {"a": {"version": "==1"}}}"#)),
        ("language/lock/pnpm", "pnpm-lock.yaml", text("lockfileVersion: '9.0'\npackages:\n  '@a/b@1.0(c@2)':\n    x: y\n")),
        ("language/lock/pubspec", "pubspec.lock", text("packages:\n  a:\n    source: hosted\n    version: \"1\"\n")),
        ("language/lock/python", "uv.lock", text("[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"r\" }\n")),
        ("language/lock/renv", "renv.lock", text(r#"{"Packages": {"a": {"Version": "1", "Source": "Repository"}}}"#)),
        ("language/lock/requirements", "requirements.txt", text("a[b]==1 ; c # d\n")),
        ("language/lock/sbt", "build.sbt.lock", text(r#"{"dependencies": [{"org": "a", "name": "b", "version": "1"}]}"#)),
        (
            "language/lock/swift",
            "Package.resolved",
            text(r#"{"pins": [{"location": "https://a/b.git", "state": {"version": "1"}}]}"#),
        ),
        ("language/lock/yarn", "yarn.lock", text("# yarn lockfile v1\n\"@a/b@^1\", \"@a/b@^2\":\n  version \"1\"\n")),
        (
            "language/lock/yarn",
            "yarn.lock",
            text("__metadata:\n  version: 6\n\"a@npm:^1\":\n  version: 1\n  resolution: \"a@npm:1\"\n"),
        ),
    ]
}

const POM: &[u8] = b"<project><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version><properties><v>1</v></properties>\
    <dependencies><dependency><groupId>g</groupId><artifactId>&#98;</artifactId><version>${v}</version></dependency></dependencies></project>";

#[test]
fn every_reader_has_a_seed() {
    let seeds = seeds();
    for extractor in indexer::language::all() {
        assert!(seeds.iter().any(|(id, ..)| *id == extractor.id()), "{}", extractor.id());
    }
}

#[test]
fn every_truncation_and_every_flipped_byte() {
    let start = Instant::now();
    for (id, path, seed) in seeds() {
        let whole = read(id, path, &seed);
        assert!(!whole.packages.is_empty(), "{id} {path}");
        assert_eq!(whole.problems, [""; 0], "{id} {path}");
        for at in 0..seed.len() {
            read(id, path, &seed[..at]);
            for mask in [0x01, 0x04, 0x20, 0x80, 0xff] {
                let mut damaged = seed.clone();
                damaged[at] ^= mask;
                read(id, path, &damaged);
            }
        }
    }
    assert!(start.elapsed() < Duration::from_mins(1), "took {:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        for (id, path, _) in seeds() {
            read(id, path, &content);
        }
    }

    #[test]
    fn any_splice(pieces in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8)) {
        // Pieces of well-formed files in an order nobody intended.
        let seeds = seeds();
        let mut content = Vec::new();
        for (which, from, to) in pieces {
            let seed = &which.get(&seeds).2;
            let (from, to) = (from.index(seed.len()), to.index(seed.len()));
            content.extend_from_slice(&seed[from.min(to)..from.max(to)]);
        }
        for (id, path, _) in &seeds {
            read(id, path, &content);
        }
    }
}
