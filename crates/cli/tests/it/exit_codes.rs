//! 0: done. 1: looked, and the answer is no. 2: could not be told, or not be carried out.

use serde_json::json;
use testing::image::Image;
use testing::tar::Tar;

use crate::command::{Sandbox, ids, run, sentences};
use crate::fixture::{self, OF_APP, alpine, debian, prepared};

#[test]
fn a_scan_without_a_gate_succeeds_whatever_it_finds() {
    let sandbox = prepared();
    let report = sandbox.scan(&["app.tar"]);
    assert_eq!(ids(&report), OF_APP);
    assert_eq!(report["decision"], json!(null));
    assert!(ids(&sandbox.scan(&["clean.tar"])).is_empty());
}

#[test]
fn findings_over_the_line_refuse() {
    let sandbox = prepared();
    sandbox.write("zlib.tar", Image::new().layer(debian(&[("zlib", "1:1.2.13")])).docker_archive("zlib:1"));
    sandbox.write("fixed.tar", Image::new().layer(debian(&[("openssl", "3.0.11-1")])).docker_archive("fixed:1"));
    let alpine = |version| Image::new().layer(alpine(&[("busybox", version)])).docker_archive("alpine:1");
    sandbox.write("alpine.tar", alpine("1.36.1-r28"));
    sandbox.write("alpine-fixed.tar", alpine("1.36.1-r29"));
    for (image, terms, code) in [
        ("app.tar", &["critical"][..], 1),
        ("app.tar", &["low"], 1),
        ("app.tar", &["exploited"], 1),
        ("app.tar", &["malicious"], 1),
        ("app.tar", &["fixable:high"], 1),
        ("app.tar", &["unrated"], 0),
        // Several terms are joined by or.
        ("zlib.tar", &["malicious", "medium"], 1),
        ("zlib.tar", &["medium"], 1),
        ("zlib.tar", &["high"], 0),
        ("zlib.tar", &["fixable:low"], 0),
        ("zlib.tar", &["exploited"], 0),
        ("fixed.tar", &["low"], 0),
        ("clean.tar", &["low", "exploited", "malicious", "unrated", "unjudged"], 0),
        // Alpine rates nothing.
        ("alpine.tar", &["unrated"], 1),
        ("alpine.tar", &["low"], 0),
        ("alpine-fixed.tar", &["unrated", "low"], 0),
    ] {
        let terms: Vec<&str> = terms.iter().flat_map(|term| ["--fail-on", term]).collect();
        let arguments = [&["scan", "--db", "test.db", "--format", "json", image], &terms[..]].concat();
        let outcome = sandbox.run(&arguments).exits(code);
        let outcome_word = if code == 0 { "allow" } else { "deny" };
        assert_eq!(outcome.json()["decision"]["outcome"], outcome_word, "{arguments:?}");
        // A program reads the report, a person the line on standard error.
        assert_eq!(outcome.stderr.starts_with("plimsoll: refused: "), code == 1, "{}", outcome.stderr);
    }
}

#[test]
fn the_base_does_not_count_against_the_application() {
    let sandbox = prepared();
    sandbox.write("plain.tar", fixture::base().layer(Tar::new().file("app", "x")).docker_archive("plain:1"));
    let gate = ["scan", "--db", "test.db", "-q", "--format", "json", "--fail-on", "app:medium"];
    sandbox.run(&[&gate[..], &["plain.tar"]].concat()).exits(1);
    sandbox.run(&[&gate[..], &["plain.tar", "--base", "base.tar"]].concat()).exits(0);
    sandbox.run(&[&gate[..], &["app.tar", "--base", "base.tar"]].concat()).exits(1);
}

/// Each of these is clean as far as anybody can tell, which is not far enough.
#[test]
fn what_nobody_can_tell_is_neither_yes_nor_no() {
    let sandbox = prepared();
    fixture::database(&sandbox, "old.db", "2020-02-03");
    let unknown = Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"99\"\n")
        .file("var/lib/dpkg/status", fixture::dpkg_status(&[("bash", "5")]));
    let nameless = Tar::new().file("var/lib/dpkg/status", fixture::dpkg_status(&[("bash", "5")]));
    let gem = debian(&[("bash", "5.2.15-2")]).file(
        "usr/lib/ruby/gems/3.1.0/specifications/rack-2.0.0.gemspec",
        "Gem::Specification.new do |s|\n  s.name = \"rack\".freeze\n  s.version = \"2.0.0\"\nend\n",
    );
    let ended = alpine(&[("busybox", "1.36.1-r29")]).file("etc/os-release", "ID=alpine\nVERSION_ID=3.9.6\n");
    for (name, tar) in [
        ("ended.tar", ended),
        ("release.tar", unknown),
        ("nameless.tar", nameless),
        ("gem.tar", gem),
        ("empty.tar", Tar::new().file("hello", "world")),
    ] {
        sandbox.write(name, Image::new().layer(tar).docker_archive("x:1"));
    }
    sandbox.write("scratch.tar", Image::new().docker_archive("x:1"));
    fixture::unread_layer(&sandbox, "unread");
    for (image, database, why) in [
        ("clean.tar", "old.db", "is of 2020-02-03"),
        ("ended.tar", "test.db", "no more fixes"),
        ("release.tar", "test.db", "debian:99"),
        ("nameless.tar", "test.db", "distribution"),
        ("gem.tar", "test.db", "gem"),
        ("empty.tar", "test.db", "no package"),
        ("scratch.tar", "test.db", "no package"),
        ("unread", "test.db", "encrypted"),
    ] {
        let gate = ["scan", "--format", "json", "--db", database, "--fail-on", "critical", image];
        let outcome = sandbox.run(&gate).exits(2);
        let decision = outcome.json()["decision"].clone();
        assert!(decision["reasons"].to_string().contains(why), "{image}: {decision}");
        assert!(outcome.stderr.starts_with("plimsoll: cannot be told: "), "{}", outcome.stderr);
        sandbox.run(&[&gate[..], &["--allow-undetermined"]].concat()).exits(0);
    }
    // A longer patience makes the old feeds good.
    let old = ["scan", "-q", "--format", "json", "--db", "old.db", "--fail-on", "critical"];
    sandbox.run(&[&old[..], &["clean.tar", "--max-db-age", "5000w"]].concat()).exits(0);
    // A clear no stays one.
    sandbox.run(&[&old[..], &["app.tar"]].concat()).exits(1);
    sandbox.run(&[&old[..], &["app.tar", "--allow-undetermined"]].concat()).exits(1);
}

#[test]
fn the_embedded_set_answers_for_the_exploited_alone() {
    let sandbox = prepared();
    let gate = |terms: &[&str]| sandbox.run(&[&["scan", "clean.tar", "--format", "json", "--fail-on"], terms].concat());
    let report = gate(&["exploited"]).exits(0).json();
    assert_eq!(report["database"]["kind"], "embedded");
    assert!(sentences(&report["warnings"]).contains("only known-exploited vulnerabilities were looked for"));
    gate(&["critical"]).exits(2);
    gate(&["exploited", "--fail-on", "low"]).exits(2);
    gate(&["critical", "--allow-undetermined"]).exits(0);
    let table = sandbox.run(&["scan", "clean.tar"]).exits(0);
    let first: String = table.text().lines().take(4).collect();
    assert!(first.contains("exploited"), "{}", table.text());
}

#[test]
fn what_cannot_be_carried_out_is_said_in_one_sentence() {
    let sandbox = prepared();
    sandbox.write("no.db", "this is no database");
    sandbox.write("text.txt", "this is no image");
    for (arguments, words) in [
        (&["scan", "missing.tar"][..], "missing.tar"),
        (&["scan", "docker-archive:missing.tar"], "missing.tar does not exist"),
        (&["scan", "text.txt"], "text.txt"),
        (&["scan", "--db", "missing.db", "app.tar"], "missing.db"),
        (&["scan", "--db", "no.db", "app.tar"], "no.db"),
        (&["scan", "--db", "feeds-of-test.db", "app.tar"], "feeds-of-test.db"),
        (&["scan", "--base", "missing.tar", "app.tar"], "missing.tar"),
        (&["scan", "--base", "clean.tar", "app.tar"], "clean.tar is not the base"),
        (&["scan", "--format", "frob", "app.tar"], "frob"),
        (&["scan", "--format", "json", "--format", "table", "app.tar"], "standard output"),
        (&["scan", "--format", "json=a.json", "-o", "b.json", "app.tar"], "-o"),
        (&["scan", "--format", "json=", "app.tar"], "names no file"),
        (&["scan", "--format", "template=missing.tpl", "app.tar"], "missing.tpl"),
        (&["scan", "-o", "missing/report.json", "app.tar"], "missing/report.json"),
        (&["scan", "--skip-dirs", "[", "app.tar"], "`[` is no glob"),
        (&["scan", "--platform", "linux", "app.tar"], "linux"),
        (&["scan", "containerd:alpine", "app.tar"][..2], "containerd"),
        (&["scan", "podman:alpine"], "podman"),
        (&["db", "info", "--db", "missing.db"], "plimsoll db update"),
        (&["db", "search", "--db", "no.db", "CVE-2024-1001"], "no.db"),
        (&["db", "build", "--feeds", "missing", "-o", "x.db"], "missing"),
        (&["db", "update"], "--offline"),
    ] {
        let sentence = sandbox.run(arguments).fails();
        assert!(sentence.contains(words), "{arguments:?}: {sentence}");
    }
}

#[test]
fn causes_are_told_on_demand() {
    let sandbox = prepared();
    sandbox.write("no.db", "this is no database");
    let short = sandbox.run(&["scan", "--db", "no.db", "app.tar"]).exits(2).stderr;
    let long = sandbox.run(&["-v", "scan", "--db", "no.db", "app.tar"]).exits(2).stderr;
    assert_eq!(long.lines().next(), short.lines().next());
    assert!(long.lines().skip(1).any(|line| line.trim_start().starts_with("because: ")), "{long}");
}

/// `plimsoll … | head`: who reads went away, which is no failure of the program's.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = prepared();
    for arguments in [&["scan", "--db", "test.db", "--format", "json", "app.tar"][..], &["man"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let outcome = run(sandbox.offline(arguments).stdout(writer)).exits(0);
        assert_eq!(outcome.stderr, "", "{arguments:?}");
    }
}

#[test]
fn bad_usage_ends_in_2() {
    let sandbox = prepared();
    for arguments in [
        &[][..],
        &["scan"],
        &["scan", "app.tar", "clean.tar"],
        &["scan", "--frob", "app.tar"],
        &["scan", "--fail-on", "sometimes", "app.tar"],
        &["scan", "--severity", "awful", "app.tar"],
        &["scan", "--ignore-status", "dunno", "app.tar"],
        &["scan", "--timeout", "soon", "app.tar"],
        &["scan", "--threads", "0", "app.tar"],
        &["scan", "--only", "everything", "app.tar"],
        &["scan", "-q", "-v", "app.tar"],
        &["--max-db-age", "-1d", "scan", "app.tar"],
        &["versions", "frob"],
        &["completions", "frob"],
        &["db"],
        &["db", "frob"],
    ] {
        let outcome = sandbox.run(arguments).exits(2);
        assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn verbs_that_are_not_there_yet_are_absent() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["--help"]).exits(0);
    let help = help.text();
    let listed = |verb: &str| help.lines().any(|line| line.split_whitespace().next() == Some(verb));
    for verb in ["scan", "sbom", "gate", "policy", "host", "db", "cache", "versions", "completions", "man", "version"] {
        assert!(listed(verb), "{verb}\n{help}");
        sandbox.run(&[verb, "--help"]).exits(0);
    }
    for verb in ["sign", "verify", "attest", "trust", "fix", "serve", "registry", "agent", "help", "image"] {
        assert!(!listed(verb), "{verb}\n{help}");
        sandbox.run(&[verb]).exits(2);
        sandbox.run(&[verb, "app.tar"]).exits(2);
    }
    for arguments in [&["version"][..], &["man"], &["man", "scan"], &["completions", "bash"], &["completions", "zsh"]] {
        assert!(!sandbox.run(arguments).exits(0).stdout.is_empty());
    }
}

#[test]
fn a_database_is_asked_and_answers() {
    let sandbox = prepared();
    let info = sandbox.run(&["db", "info", "--json", "--verify", "--db", "test.db"]).exits(0).json();
    let feeds: Vec<&str> = info["feeds"].as_array().unwrap().iter().map(|feed| feed["name"].as_str().unwrap()).collect();
    assert_eq!(feeds, ["alpine-secdb", "kev", "osv-debian", "osv-npm", "osv-pypi"]);
    for question in ["CVE-2024-1001", "pkg:deb/debian/openssl", "pkg:pypi/jinja2"] {
        let answer = sandbox.run(&["db", "search", "--db", "test.db", question]).exits(0);
        assert!(answer.text().contains("CVE-2024-"), "{question}: {}", answer.text());
    }
    sandbox.run(&["db", "search", "--db", "test.db", "CVE-1999-0001"]).exits(1);
}
