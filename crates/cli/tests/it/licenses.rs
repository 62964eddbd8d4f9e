//! Licences: what a scan says of them, what policies say, and what another scanner says of the same images.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testing::image::Image;
use testing::tar::Tar;

use crate::command::Sandbox;

const MIT: &str = "MIT License\n\nCopyright (c) 2020 A. Person\n\nPermission is hereby granted, free of charge, to any person obtaining a copy \
    of this software and associated documentation files (the \"Software\"), to deal in the Software without restriction, \
    including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of \
    the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:\n\n\
    The above copyright notice and this permission notice shall be included in all copies or substantial portions of the \
    Software.\n";

/// A Debian package with a copyright file, one that declares nothing, npm packages with and without a declared licence.
fn sandbox() -> Sandbox {
    let status = "Package: grep\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.8-5\n\n\
        Package: silent\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n";
    let copyright = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 1992 FSF\n\
        License: GPL-3+\n";
    let root = "app/node_modules";
    let layer = Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("var/lib/dpkg/status", status)
        .file("usr/share/doc/grep/copyright", copyright)
        .file(&format!("{root}/a/package.json"), r#"{"name": "a", "version": "1.0.0", "license": "(MIT OR GPL-2.0-only)"}"#)
        .file(&format!("{root}/b/package.json"), r#"{"name": "b", "version": "2.0.0"}"#)
        .file(&format!("{root}/b/LICENSE"), MIT);
    let sandbox = Sandbox::new();
    sandbox.write("image.tar", Image::new().layer(layer).docker_archive("image:1"));
    sandbox
}

fn rows(report: &Value) -> Vec<(String, usize, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| (text(&row["expression"]), row["packages"].as_array().unwrap().len(), text(&row["verdict"]));
    report["licenses"].as_array().unwrap().iter().map(row).collect()
}

fn row(expression: &str, packages: usize, verdict: &str) -> (String, usize, String) {
    (expression.to_owned(), packages, verdict.to_owned())
}

#[test]
fn licences_alone_need_no_database() {
    let sandbox = sandbox();
    let report = sandbox.run(&["scan", "image.tar", "--only", "license", "--format", "json"]).exits(0).json();
    assert_eq!(report["findings"], Value::Null);
    let unknown = |expression, packages| row(expression, packages, "unknown");
    assert_eq!(
        rows(&report),
        [unknown("GPL-3.0-or-later", 1), unknown("MIT", 1), unknown("MIT OR GPL-2.0-only", 1), unknown("NOASSERTION", 1)]
    );
    // Without being asked nobody looks, and no text is read.
    let sbom = sandbox.run(&["sbom", "image.tar", "--format", "json"]).exits(0).json();
    assert_eq!(sbom["licenses"], Value::Null);
    let declares = |name: &str| {
        let packages = sbom["packages"].as_array().unwrap();
        packages.iter().find(|package| package["name"] == name).unwrap()["licenses"].clone()
    };
    assert_eq!((declares("b"), declares("grep")), (json!([]), json!(["GPL-3.0-or-later"])));
    // What was found with the texts is kept apart from what was found without.
    let again = sandbox.run(&["scan", "image.tar", "--only", "license", "--format", "json"]).exits(0).json();
    assert_eq!(rows(&again), rows(&report));
    let table = sandbox.run(&["scan", "image.tar", "--only", "license"]).exits(0).text().to_owned();
    for part in ["NOASSERTION", "silent 1", "3 packages under listed licences", "1 without a declared licence"] {
        // A sentence may go on in the next line.
        let text = table.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(part), "{part} is missing in\n{table}");
    }
    for (format, part) in [("markdown", "3 packages under listed licences"), ("html", ">Licences</h2>")] {
        let page = sandbox.run(&["scan", "image.tar", "--only", "license", "--format", format]).exits(0).text().to_owned();
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

#[test]
fn a_policy_of_licences_decides_and_says_its_verdicts() {
    let sandbox = sandbox();
    let decide = |policy: &str, code: i32| {
        sandbox.write("policy.yaml", policy);
        let flags = ["scan", "image.tar", "--only", "license", "--policy", "policy.yaml", "--format", "json"];
        let report = sandbox.run(&flags).exits(code).json();
        let reasons = report["decision"]["reasons"].as_array().unwrap();
        let messages: Vec<String> = reasons.iter().map(|reason| reason["message"].as_str().unwrap().to_owned()).collect();
        (messages, rows(&report))
    };
    let (messages, verdicts) =
        decide("rules:\n  - name: licences\n    licenses: {allow: [MIT], deny: [GPL], unknown: warn}\n", 1);
    assert_eq!(
        messages,
        [
            "a licence that is denied: GPL-3.0-or-later in grep 3.8-5",
            "a licence that is unknown, or that no list speaks of: NOASSERTION in silent 1"
        ]
    );
    assert_eq!(
        verdicts,
        [
            row("GPL-3.0-or-later", 1, "deny"),
            row("MIT", 1, "allow"),
            row("MIT OR GPL-2.0-only", 1, "allow"),
            row("NOASSERTION", 1, "unknown")
        ]
    );
    let spared = "rules:\n  - name: licences\n    licenses: {allow: MIT, deny: GPL, unknown: warn, except: 'pkg:deb/debian/*'}\n";
    assert_eq!(decide(spared, 0).0, Vec::<String>::new());
    let (messages, _) = decide("rules:\n  - name: licences\n    licenses: {deny: AGPL}\n", 1);
    assert_eq!(messages.len(), 1, "what is unknown is not clean: {messages:?}");
    // With a rule about anything else the advisories are evidence again.
    let both =
        "rules:\n  - name: licences\n    licenses: {deny: AGPL, unknown: allow}\n  - name: exploited\n    deny-exploited: true\n";
    let (messages, _) = decide(both, 1);
    assert!(messages.iter().any(|message| message.contains("nobody looked for vulnerabilities")), "{messages:?}");
    // A policy that names them has them looked at without being asked, also where there is no database.
    sandbox.write("policy.yaml", spared);
    let report = sandbox.run(&["scan", "image.tar", "--policy", "policy.yaml", "--update", "never", "--format", "json"]);
    let rows = rows(&report.exits(0).json());
    assert!(rows.len() == 4 && rows.iter().all(|(_, _, verdict)| verdict == "allow"), "{rows:?}");
    let explained = sandbox.run(&["policy", "explain", "policy.yaml"]).exits(0).text().to_owned();
    assert!(explained.contains("p.license.licenseVerdict([\"MIT\"], [\"GPL\"]) == \"deny\""), "{explained}");
}

#[test]
fn notices_hold_texts_and_whose_they_are() {
    let sandbox = sandbox();
    let write = || sandbox.run(&["sbom", "image.tar", "--format", "notices"]).exits(0).text().to_owned();
    let notices = write();
    assert_eq!(notices, write());
    for part in [
        "Third-party software in image.tar",
        "4 packages, 3 licence expressions, 2 texts.",
        "No licence is declared",
        "silent 1",
        "GPL-3.0-or-later",
        "Copyright (c) 2020 A. Person",
        "/app/node_modules/b/LICENSE",
        "Permission is hereby granted",
        "License: GPL-3+",
    ] {
        assert!(notices.contains(part), "{part} is missing in\n{notices}");
    }
}

/// Identifiers of the SPDX list that one side names and the other does not, each with the reason.
const TRIVY_ALONE: [(&str, &str); 12] = [
    ("*GPL-*-only", "it takes each text under /usr/share/common-licenses that a file points at for a licence of its own"),
    ("GFDL-*-only", "the same"),
    ("Apache-2.0", "the same"),
    ("GPL-2.0-or-later", "`GPL` without a version, or a notice it reads without the version in it"),
    ("LGPL-3.0-or-later", "words in running text (`a license compatible with LGPLv3+`)"),
    ("LGPL-2.0-or-later", "`LGPL` without a version"),
    ("GFDL-1.3-or-later", "`GFDL` without a version"),
    ("GPL-1.0-only", "a reference to the text of version 1, in files that say `GPL-1+`"),
    ("MIT", "`MIT-like` is like it, and not it"),
    ("Artistic-2.0", "Debian's `Artistic` is Perl's licence, which is version 1.0"),
    ("BSD-3-Clause", "`BSD` could be any of them"),
    ("Python-2.0", "`Python` could be PSF-2.0"),
];

/// The other way round.
const OURS_ALONE: [(&str, &str); 14] = [
    ("Artistic-1.0-Perl", "see above"),
    ("*GPL-*", "`GPL-3+ with … exception` and notices in free-form files, of which it knows the references alone"),
    ("GFDL-*", "compounds that it leaves as they are written"),
    ("MIT", "the text in a free-form file"),
    ("ISC", "the same"),
    ("X11", "the same"),
    ("Zlib", "the same"),
    ("BSD-*-Clause", "the same"),
    ("0BSD", "the same"),
    ("Apache-2.0", "the same"),
    ("PSF-2.0", "the same"),
    ("Python-2.0", "the same"),
    ("BSL-1.0", "Debian's `BSL-1`"),
    ("BSD-2-Clause", "SPDX retired BSD-2-Clause-NetBSD, which is the same text"),
];

/// Packages of languages of which both speak and do not say the same.
const PACKAGES: [(&str, &str); 2] = [
    ("cryptography", "declares `BSD or Apache License, Version 2.0`: which BSD is not said"),
    ("numpy", "declares `BSD`: its LICENSE.txt says which, and what of GCC's is bundled"),
];

/// Whether a list has a reason why one side alone names an identifier; `other` is what the other side says instead.
fn explained(id: &str, list: &[(&str, &str)], other: &str) -> bool {
    // Versions and exceptions differ, the family does not.
    let family = ["AGPL", "LGPL", "GPL", "GFDL"].into_iter().find(|family| id.starts_with(family));
    let shared = family.is_none_or(|family| {
        other.match_indices(family).any(|(at, _)| !other[..at].ends_with(|before: char| before.is_ascii_alphanumeric()))
    });
    shared
        && list.iter().any(|(pattern, _)| {
            let parts: Vec<&str> = pattern.split('*').collect();
            let Some(rest) = id.strip_prefix(parts[0]) else { return false };
            match &parts[1..] {
                [] => rest.is_empty(),
                [last] => rest.ends_with(last),
                [middle, last] => rest.split_once(middle).is_some_and(|(_, rest)| rest.ends_with(last)),
                _ => false,
            }
        })
}

/// The identifiers of the list in an expression, exceptions and references left out.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| character.is_whitespace() || "()".contains(character));
    words.filter(|word| model::license::is_listed(word)).map(str::to_owned).collect()
}

/// By whether it is the distribution's, and name: the identifiers, and everything as it is written.
type Licences = BTreeMap<(bool, String), (BTreeSet<String>, String)>;

fn add(licences: &mut Licences, key: (bool, String), text: &str) {
    let (all, written) = licences.entry(key).or_default();
    all.extend(ids(text));
    written.push_str(text);
    written.push('\n');
}

#[test]
fn trivy_agrees() {
    let mut unexplained = Vec::new();
    for name in ["debian11", "debian12", "python-app", "node-app", "java-app"] {
        let Some(image) = testing::built_image(&format!("{name}.docker.tar")) else { return };
        let Some(mut trivy) = testing::peer("trivy") else { return };
        let path = image.display().to_string();
        let report = Sandbox::new().run(&["scan", &path, "--only", "license", "--format", "json"]).exits(0).json();
        let (mut ours, mut ours_licensed) = (Licences::new(), 0);
        for package in report["packages"].as_array().unwrap() {
            let key = (package["type"] == "deb", normal(package["name"].as_str().unwrap()));
            let licenses = package["licenses"].as_array().unwrap();
            ours_licensed += usize::from(!licenses.is_empty());
            ours.entry(key.clone()).or_default();
            for text in licenses {
                add(&mut ours, key.clone(), text.as_str().unwrap());
            }
        }
        let output = trivy
            .args([
                "image",
                "--scanners",
                "license",
                "--list-all-pkgs",
                "--format",
                "json",
                "-q",
                "--skip-db-update",
                "--skip-java-db-update",
            ])
            .args([
                "--skip-check-update",
                "--skip-version-check",
                "--offline-scan",
                "--disable-telemetry",
                "--cache-backend",
                "memory",
                "--input",
            ])
            .arg(&image)
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let (mut theirs, mut theirs_licensed, mut theirs_all) = (Licences::new(), 0, 0);
        for result in report["Results"].as_array().unwrap() {
            let packages = result["Packages"].as_array().map(Vec::as_slice).unwrap_or_default();
            theirs_all += packages.len();
            theirs_licensed += packages.iter().filter(|package| package["Licenses"].is_array()).count();
            for row in result["Licenses"].as_array().map(Vec::as_slice).unwrap_or_default() {
                let key = (result["Target"] == "OS Packages", normal(row["PkgName"].as_str().unwrap()));
                add(&mut theirs, key, row["Name"].as_str().unwrap());
            }
        }
        let (mut both, mut equal) = (0, 0);
        for ((key, (left, our_words)), (right, their_words)) in ours.iter().filter_map(|ours| Some((ours, theirs.get(ours.0)?))) {
            if left.is_empty() || right.is_empty() {
                continue;
            }
            both += 1;
            equal += usize::from(left == right);
            let more: Vec<&String> = left.difference(right).filter(|id| !explained(id, &OURS_ALONE, their_words)).collect();
            let less: Vec<&String> = right.difference(left).filter(|id| !explained(id, &TRIVY_ALONE, our_words)).collect();
            // The registries of languages have none of Debian's peculiarities: where a name is exact, both say the same.
            let exact = key.0 || left == right;
            let known = !key.0 && PACKAGES.iter().any(|(name, _)| *name == key.1);
            if !(known || more.is_empty() && less.is_empty() && exact) {
                unexplained.push(format!("{name}: {}: ours alone {more:?}, Trivy alone {less:?}, of ours {left:?}", key.1));
            }
        }
        let rows = ours.len();
        println!(
            "{name}: {ours_licensed} of our packages with a licence, {theirs_licensed} of {theirs_all} of Trivy's; of {rows} names both \
             speak of {both}, and say exactly the same of {equal}"
        );
    }
    assert!(unexplained.is_empty(), "\n{}", unexplained.join("\n"));
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}
