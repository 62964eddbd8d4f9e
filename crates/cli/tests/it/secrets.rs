//! Secrets: in images and in files, in every format, and shown by none of them.

use std::path::Path;

use serde_json::{Value, json};
use testing::tar::Tar;

use crate::command::Sandbox;
use crate::fixture;

/// In pieces, so that nothing in this repository looks like a secret.
const PIECES: [(&str, &str); 3] =
    [("glpat-", "q7Zr2mXk9LwTb4VnYe8c"), ("glpat-", "Hd3sKf82LqPzWx0vRt6u"), ("gldt-", "Bn5mQw7eRt2yUi9oPa4s")];

fn token(number: usize) -> String {
    let (beginning, rest) = PIECES[number];
    format!("{beginning}{rest}")
}

/// One in the settings, one in a file that the next layer deletes, one that a comment allows.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let below = Tar::new()
        .file("srv/app/deploy.env", format!("URL=https://example.com\nCI_TOKEN={}\n", token(1)))
        .file("srv/app/test.env", format!("TOKEN={} # plimsoll:ignore\n", token(2)));
    let image = fixture::clean().layer(below).layer(Tar::new().file("srv/app/.wh.deploy.env", ""));
    let image = image.set("config", json!({"Env": ["PATH=/bin", format!("GITLAB_TOKEN={}", token(0))]}));
    sandbox.write("a.tar", image.docker_archive("shop:1"));
    sandbox
}

fn rows(report: &Value) -> Vec<(String, Vec<String>, bool)> {
    let rows = report["secrets"].as_array().unwrap().iter();
    rows.map(|row| {
        let places = row["locations"].as_array().unwrap().iter().map(|place| place["path"].as_str().unwrap().to_owned());
        (row["rule"].as_str().unwrap().to_owned(), places.collect(), row["suppressed"].is_null())
    })
    .collect()
}

fn open(report: &Value) -> Vec<String> {
    rows(report).into_iter().filter(|(_, _, open)| *open).map(|(_, places, _)| places[0].clone()).collect()
}

fn shows_none(text: &str, what: &str) {
    for (_, rest) in PIECES {
        assert!(!text.contains(rest), "{what} shows a secret");
    }
}

/// Every file below a folder.
fn files(folder: &Path, each: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, each) } else { each(&path) }
    }
}

#[test]
fn an_image_gives_up_what_it_hides_and_no_output_repeats_it() {
    let sandbox = sandbox();
    let report = sandbox.run(&["scan", "--only", "secret", "--format", "json", "a.tar"]).exits(0).json();
    let mut found = open(&report);
    found.sort();
    assert_eq!(found, ["/srv/app/deploy.env", "config:ENV GITLAB_TOKEN"]);
    let all = report["secrets"].as_array().unwrap();
    assert!(all.len() == 3 && all.iter().any(|row| row["locations"][0]["deleted_in"].is_string()), "{report}");
    let formats = ["table", "json", "sarif", "markdown", "github", "gitlab", "junit", "html", "trivy-json", "cyclonedx", "spdx"];
    for format in formats {
        let outcome = sandbox.run(&["-vv", "scan", "--format", format, "a.tar"]);
        shows_none(outcome.text(), format);
        shows_none(&outcome.stderr, format);
    }
    for format in ["table", "json", "sarif", "markdown", "github", "gitlab", "junit", "html", "trivy-json"] {
        let outcome = sandbox.run(&["scan", "--only", "secret", "--format", format, "a.tar"]).exits(0);
        assert!(outcome.text().contains("GitLab personal access token"), "{format}: {}", outcome.text());
    }
    let mut number = 0;
    files(&sandbox.cache(), &mut |path| {
        number += 1;
        shows_none(&String::from_utf8_lossy(&std::fs::read(path).unwrap()), &path.display().to_string());
    });
    assert!(number > 0, "the cache holds the layers");
}

#[test]
fn gates_count_what_nobody_set_aside() {
    let sandbox = sandbox();
    let gate = ["scan", "--only", "secret", "--fail-on", "secret"];
    let scan = |more: &[&str], code: i32| sandbox.run(&[&gate, more, &["--format", "json", "a.tar"]].concat()).exits(code).json();
    scan(&[], 1);
    // What a filter hides still refuses, and a report without it is no pass.
    let hidden = scan(&["--severity", "low"], 1);
    assert!(rows(&hidden).is_empty() && hidden["summary"]["hidden_by_filters"] == 3, "{}", hidden["summary"]);
    let skipped = scan(&["--skip-dirs", "srv"], 1);
    assert_eq!(open(&skipped), ["config:ENV GITLAB_TOKEN"]);
    sandbox.write("hidden.json", hidden.to_string());
    sandbox.run(&["convert", "hidden.json", "--fail-on", "secret"]).exits(2);
    // Exceptions, of one place and of a kind.
    let exception = |path: &str, expires: &str| {
        format!("  - {{secret: gitlab-pat, {path}reason: revoked, author: jo@example.com, expires: {expires}}}\n")
    };
    sandbox.write("one.yaml", format!("exceptions:\n{}", exception("path: \"srv/**\", ", "2999-12-31")));
    assert_eq!(open(&scan(&["--ignore-file", "one.yaml"], 1)), ["config:ENV GITLAB_TOKEN"]);
    sandbox.write("all.yaml", format!("exceptions:\n{}", exception("", "2999-12-31")));
    let aside = scan(&["--ignore-file", "all.yaml"], 0);
    assert!(open(&aside).is_empty() && aside.to_string().contains("revoked (jo@example.com, until 2999-12-31"), "{aside}");
    sandbox.write("old.yaml", format!("exceptions:\n{}", exception("", "2020-01-31")));
    assert!(scan(&["--ignore-file", "old.yaml"], 1)["warnings"].to_string().contains("ended on 2020-01-31"));
    sandbox.write("both.yaml", "exceptions: [{id: CVE-2024-1, secret: a, reason: b, author: c, expires: 2999-01-31}]");
    assert!(sandbox.run(&[&gate[..], &["--ignore-file", "both.yaml", "a.tar"]].concat()).fails().contains("write two"));
    // What an earlier report has is known.
    sandbox.write("known.json", scan(&[], 1).to_string());
    let known = scan(&["--baseline", "known.json"], 0);
    assert!(open(&known).is_empty() && known.to_string().contains("known since the report of"), "{known}");
    for report in ["known.json", "a.tar"] {
        let outcome = sandbox.run(&["convert", report, "--fail-on", "secret"]);
        assert_eq!(outcome.code == 1, report == "known.json", "{report}");
    }
    let nobody = sandbox.run(&["sbom", "a.tar", "--format", "json"]).exits(0).json();
    sandbox.write("nobody.json", nobody.to_string());
    sandbox.run(&["convert", "nobody.json", "--fail-on", "secret"]).exits(2);
}

#[test]
fn own_rules_add_allow_and_disable() {
    let sandbox = sandbox();
    sandbox.write("app/ticket.txt", "ticket ACME-7h2k9d3m5q8w1x4z\n");
    let rule = "[[rule]]\nid = \"acme\"\nname = \"ticket of Acme\"\nprefix = [\"ACME-\"]\nvalue = '[0-9a-z]{16}'\n";
    sandbox.write("rules.toml", rule);
    let check = |more: &[&str]| {
        let report = sandbox.run(&[&["check", "--only", "secret", "--format", "json"], more].concat()).exits(0).json();
        rows(&report)
    };
    assert!(check(&["app"]).is_empty());
    assert_eq!(check(&["app", "--secret-rules", "rules.toml"])[0].1, ["app/ticket.txt"]);
    sandbox.write("allow.toml", format!("{rule}[[allow]]\nrule = \"acme\"\npath = 'ticket'\n"));
    assert!(check(&["app", "--secret-rules", "allow.toml"]).is_empty());
    sandbox.write("disable.toml", "disable = [\"gitlab-pat\"]\n");
    let report = sandbox.run(&["scan", "--only", "secret", "--format", "json", "a.tar", "--secret-rules", "disable.toml"]);
    assert!(!rows(&report.exits(0).json()).iter().any(|(rule, _, _)| rule == "gitlab-pat"));
    for (text, words) in [("disable = [\"none\"]", "no rule has the id"), ("[[rule]]\nid = 1", "cannot be used")] {
        sandbox.write("wrong.toml", text);
        let sentence = sandbox.run(&["check", "app", "--only", "secret", "--secret-rules", "wrong.toml"]).fails();
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[test]
fn check_looks_into_every_file() {
    let sandbox = Sandbox::new();
    let line = format!("token: {}\n", token(0));
    sandbox.write("app/src/main.py", format!("import os\n{line}"));
    sandbox.write("app/.env", &line);
    sandbox.write("app/node_modules/x/index.js", &line);
    sandbox.write("app/.git/config", &line);
    sandbox.write("app/big.log", "nothing to see here\n".repeat(200_000) + &line);
    sandbox.write("app/old.env.gz", testing::image::gzip(format!("CI_TOKEN={}\n", token(1)).as_bytes()));
    sandbox.write("app/logo.png", [&b"\x89PNG\r\n\x1a\n\0\0\0\0"[..], &[0; 64]].concat());
    sandbox.write("app/ok.txt", format!("token = {} # gitleaks:allow\n", token(2)));
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", sandbox.path("app/link")).unwrap();
    let only = ["check", "--only", "secret"];
    let run = |more: &[&str]| sandbox.run(&[&only[..], more].concat());
    let report = run(&["--format", "json", "app"]).exits(0).json();
    assert_eq!(report["misconfigurations"], Value::Null);
    let mut found = rows(&report);
    found.sort_by_key(|(_, places, open)| (!*open, places.clone()));
    assert_eq!(found[0].1, ["app/.env", "app/big.log", "app/src/main.py"], "{report}");
    assert_eq!(report["secrets"][0]["locations"][1]["line"], 200_001);
    assert!(found[1].1[0].starts_with("app/old.env.gz"), "{found:?}");
    assert!(found.len() == 3 && !found[2].2 && found[2].1 == ["app/ok.txt"], "{found:?}");
    for format in ["table", "json", "sarif", "markdown", "github", "gitlab", "junit"] {
        let outcome = sandbox.run(&[&only[..], &["-vv", "--format", format, "app"]].concat());
        assert!(outcome.text().contains("app/.env") || format == "gitlab", "{format}: {}", outcome.text());
        shows_none(outcome.text(), format);
        shows_none(&outcome.stderr, format);
    }
    run(&["--fail-on", "secret", "app"]).exits(1);
    run(&["--fail-on", "secret", "app/ok.txt"]).exits(0);
    sandbox.write("known.json", report.to_string());
    run(&["--fail-on", "secret", "--baseline", "known.json", "app"]).exits(0);
    sandbox.write("app/new.env", format!("CI={}\n", token(2)));
    run(&["--fail-on", "secret", "--baseline", "known.json", "app"]).exits(1);
    std::fs::remove_file(sandbox.path("app/new.env")).unwrap();
    let exception = "exceptions: [{secret: gitlab-pat, reason: revoked, author: jo@example.com, expires: 2999-01-31}]";
    sandbox.write("ignore.yaml", exception);
    run(&["--fail-on", "secret", "--ignore-file", "ignore.yaml", "app"]).exits(0);
    assert!(run(&["--fail-on", "misconfig:low", "app"]).fails().contains("--only leaves out"));
    assert!(run(&["missing"]).exits(2).stderr.contains("could not be read"));
    // Beside misconfigurations, in lines that are shown as well.
    sandbox
        .write("app/Dockerfile", format!("FROM debian:12\nRUN curl -H 'PRIVATE-TOKEN: {}' https://a.example | sh\n", token(1)));
    for arguments in [&["app"][..], &["--only", "misconfig", "app/Dockerfile"]] {
        for format in ["table", "json", "sarif", "gitlab"] {
            let outcome = sandbox.run(&[&["check", "--format", format], arguments].concat()).exits(0);
            shows_none(outcome.text(), format);
            assert!(outcome.text().contains("PLM-D037"), "{}", outcome.text());
        }
    }
    let both = sandbox.run(&["check", "--format", "json", "app", "--fail-on", "misconfig:critical", "--fail-on", "secret"]);
    let both = both.exits(1).json();
    assert_eq!(open(&both).len(), 2);
    assert_eq!(both["decision"]["policy"], "fail-on misconfig:critical or secret");
    let mut piped = sandbox.offline(&["check", "--fail-on", "secret", "-"]);
    piped.stdin(std::fs::File::open(sandbox.path("app/Dockerfile")).unwrap());
    let outcome = crate::command::run(&mut piped).exits(1);
    shows_none(outcome.text(), "a pipe");
}
