//! Java archives: every nesting, and what hostile ones may cost.

use std::time::{Duration, Instant};

use indexer::dispatch::Extractors;
use indexer::extractor::{File, Found, Target, run};
use indexer::path_hash::PathHash;

use super::{listed, read, zip};

fn java(path: &str, content: &[u8]) -> Found {
    read("language/java", path, content)
}

#[test]
fn jars_in_a_war_in_an_ear() {
    let (one, two) = (zip::jar("one"), zip::jar("two"));
    for deflate in [true, false] {
        let war =
            zip::write(&[("WEB-INF/lib/one.jar", &one), ("WEB-INF/lib/two.JAR", &two), ("WEB-INF/web.xml", b"<a/>")], deflate);
        let ear = zip::write(&[("app.war", &war)], deflate);
        let found = java("opt/app.ear", &ear);
        let judged: Vec<_> = found.packages.iter().filter(|package| package.unjudged.is_none()).collect();
        assert_eq!(judged.len(), 2);
        assert_eq!(judged[0].name, "org.example:one");
        assert_eq!(judged[0].locations[0].path, "/opt/app.ear!app.war!WEB-INF/lib/one.jar");
        // The war and the ear themselves have no coordinates.
        assert_eq!(found.packages.len(), 4);
        assert_eq!(found.problems, [""; 0]);
    }
}

#[test]
fn shaded_jars_list_everything_once() {
    let (a, b) = (zip::properties("g", "a", "1"), zip::properties("g", "b", "2"));
    let pom = b"<project><parent><groupId>g</groupId><version>3</version></parent><artifactId>c</artifactId>\
        <licenses><license><name>MIT</name></license></licenses></project>";
    let jar = zip::write(
        &[
            (
                "META-INF/maven/g/a/pom.xml",
                b"<project><groupId>wrong</groupId><artifactId>a</artifactId><version>0</version></project>",
            ),
            ("META-INF/maven/g/a/pom.properties", &a),
            ("META-INF/maven/g/b/pom.properties", &b),
            ("BOOT-INF/classes/META-INF/maven/g/b/pom.properties", &b),
            ("META-INF/maven/g/c/pom.xml", pom),
            ("test/pom.properties", &zip::properties("no", "no", "0")),
        ],
        true,
    );
    let found = java("a-with-dependencies.jar", &jar);
    assert_eq!(listed(std::slice::from_ref(&found)), ["g:a 1", "g:b 2", "g:c 3"]);
    assert_eq!(found.packages.len(), 3);
    assert_eq!(found.packages[2].licenses, ["MIT"]);
}

/// What the extractors find that run where licences are asked for.
fn with_texts(path: &str, content: &[u8]) -> Found {
    let extractors = Extractors::with_licenses(Target::Installed);
    let file = File { path: path.as_bytes(), size: content.len() as u64, mode: 0o644 };
    let mut wanted = Vec::new();
    extractors.claimed(&file, PathHash::of(file.path), &mut wanted);
    let [only] = wanted[..] else { panic!("{wanted:?} want {path}") };
    run(extractors.get(only), path, content)
}

#[test]
fn a_text_in_the_jar_says_what_nothing_else_says() {
    let text = b"Licensed under the Apache License, Version 2.0 (the \"License\"); you may not use this file except in compliance with the License.";
    let (a, b) = (zip::properties("g", "a", "1"), zip::properties("g", "b", "2"));
    let one = zip::write(&[("META-INF/maven/g/a/pom.properties", &a), ("META-INF/LICENSE.txt", text)], true);
    assert_eq!(java("a.jar", &one).packages[0].licenses, [""; 0]);
    let found = with_texts("a.jar", &one);
    assert_eq!(
        (found.packages[0].licenses.as_slice(), found.packages[0].extractor.as_str()),
        (["Apache-2.0".to_owned()].as_slice(), "language/java")
    );
    // A jar into which others were shaded says nothing of each.
    let shaded = zip::write(
        &[("META-INF/maven/g/a/pom.properties", &a), ("META-INF/maven/g/b/pom.properties", &b), ("META-INF/LICENSE", text)],
        true,
    );
    assert!(with_texts("b.jar", &shaded).packages.iter().all(|package| package.licenses.is_empty()));
}

#[test]
fn without_coordinates_it_is_listed_and_not_guessed() {
    let manifest = b"Manifest-Version: 1.0\nImplementation-Vendor-Id: org.apache\nImplementation-Title: Commons Logging\nImplementation-Version: 1.2\n";
    let found = java("usr/share/java/commons-logging.jar", &zip::write(&[("META-INF/MANIFEST.MF", manifest)], true));
    let package = &found.packages[0];
    assert_eq!((package.name.as_str(), package.version.as_str()), ("commons-logging", "1.2"));
    assert_eq!(package.unjudged.as_deref(), Some("jar without coordinates"));
}

#[test]
fn a_script_before_the_archive_does_not_hide_it() {
    let mut jar = b"#!/bin/sh\nexec java -jar \"$0\"\n".to_vec();
    jar.extend(zip::jar("boot"));
    assert_eq!(listed(&[java("opt/app.jar", &jar)]), ["org.example:boot 1.0"]);
}

#[test]
fn what_is_no_archive_is_said() {
    for content in [b"".as_slice(), b"not a zip", &zip::jar("a")[..40]] {
        let found = java("a.jar", content);
        assert_eq!((found.packages.len(), found.problems.len()), (0, 1), "{:?}", found.problems);
    }
}

#[test]
fn depth_is_bounded() {
    let mut archive = zip::jar("innermost");
    for _ in 0..50 {
        archive = zip::write(&[("a.jar", &archive)], false);
    }
    let found = java("a.jar", &archive);
    assert!(found.packages.iter().all(|package| package.unjudged.is_some()));
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
}

#[test]
fn bombs_end_soon() {
    let start = Instant::now();
    // A gigabyte of zeros in each of five jars: more than may be unpacked at once.
    let zeros = vec![0; 64 << 20];
    let bomb = zip::write(&[("a.jar", &zeros)], true);
    let bombs: Vec<(String, &[u8])> = (0..200).map(|at| (format!("{at}.jar"), bomb.as_slice())).collect();
    let members: Vec<(&str, &[u8])> = bombs.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    let found = java("bomb.jar", &zip::write(&members, true));
    assert!(found.problems.iter().any(|problem| problem.contains("more than may be unpacked")), "{:?}", found.problems);

    // One member, listed 60,000 times: the archive is small, what comes out of it is not.
    let inner = zip::write(&[("b.jar", &vec![0; 1 << 20])], true);
    let single = zip::write(&[("a.jar", &inner)], true);
    let found = java("overlap.jar", &repeated(&single, 60_000));
    assert!(found.problems.iter().any(|problem| problem.contains("more than may be unpacked")), "{:?}", found.problems.first());
    assert!(found.packages.len() <= 20_001);

    // A member that claims four gigabytes.
    let mut claims = zip::jar("honest");
    let directory = claims.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    claims[directory + 24..directory + 28].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    java("claims.jar", &claims);
    assert!(start.elapsed() < Duration::from_mins(2), "took {:?}", start.elapsed());
}

/// An archive of one member whose central directory names that member `count` times.
fn repeated(single: &[u8], count: u16) -> Vec<u8> {
    let directory = single.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let end = single.windows(4).position(|window| window == b"PK\x05\x06").unwrap();
    let mut archive = single[..directory].to_vec();
    let record = &single[directory..end];
    for _ in 0..count {
        archive.extend_from_slice(record);
    }
    let mut tail = single[end..].to_vec();
    tail[8..10].copy_from_slice(&count.to_le_bytes());
    tail[10..12].copy_from_slice(&count.to_le_bytes());
    tail[12..16].copy_from_slice(&(record.len() as u32 * u32::from(count)).to_le_bytes());
    archive.extend(tail);
    archive
}
