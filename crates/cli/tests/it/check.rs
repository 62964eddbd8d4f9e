//! `check PATH…`: Dockerfiles, without an image.

use serde_json::{Value, json};

use crate::command::{Sandbox, run};

const BAD: &str = "FROM debian:12\nENV API_TOKEN=hunter2\nWORKDIR app\nUSER 10001\nCMD [\"sh\"]\nHEALTHCHECK NONE\n";
const GOOD: &str = "FROM debian:12\nWORKDIR /app\nUSER 10001\nCMD [\"sh\"]\nHEALTHCHECK NONE\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Dockerfile", BAD);
    sandbox.write("services/shop/Dockerfile.dev", GOOD);
    sandbox.write("services/node_modules/x/Dockerfile", "FROM debian\n");
    sandbox.write("services/.git/Dockerfile", "FROM debian\n");
    sandbox.write("services/Dockerfile.dockerignore", "x\n");
    sandbox
}

fn places(report: &Value) -> Vec<(String, u64)> {
    let rows = report["misconfigurations"].as_array().unwrap();
    rows.iter().map(|row| (row["id"].as_str().unwrap().to_owned(), row["line"].as_u64().unwrap())).collect()
}

#[test]
fn files_and_folders_are_checked() {
    let sandbox = sandbox();
    let check = |arguments: &[&str], code: i32| sandbox.run(&[&["check"], arguments].concat()).exits(code);
    let report = check(&["--format", "json", "."], 0).json();
    assert_eq!(places(&report), [("PLM-D036".to_owned(), 2), ("PLM-D001".to_owned(), 3)]);
    let [secret, workdir] = [0, 1].map(|number| &report["misconfigurations"][number]);
    assert_eq!((&workdir["target"], &workdir["instruction"]), (&json!("Dockerfile"), &json!("WORKDIR app")));
    assert_eq!(workdir["aliases"], json!(["DL3000", "DS-0009"]));
    // What may be a secret is shown nowhere.
    assert_eq!(secret["instruction"], Value::Null);
    for format in ["table", "json", "github"] {
        let shown = check(&["--format", format, "Dockerfile"], 0);
        assert!(shown.text().contains("PLM-D001") && !shown.text().contains("hunter2"), "{}", shown.text());
    }
    let clean = check(&["services"], 0);
    assert!(clean.text().contains("Nothing to mend in services."), "{}", clean.text());
    check(&["--fail-on", "misconfig:high", "."], 1);
    check(&["--fail-on", "misconfig:critical", "."], 0);
    let mut piped = sandbox.offline(&["check", "--format", "json", "-"]);
    piped.stdin(std::fs::File::open(sandbox.path("Dockerfile")).unwrap());
    assert_eq!(places(&run(&mut piped).exits(0).json()), places(&report));
}

#[test]
fn what_cannot_be_read_is_no_pass() {
    let sandbox = sandbox();
    sandbox.write("bad/Dockerfile", "FRM debian\n");
    sandbox.write("shell/Dockerfile", "FROM debian:12\nUSER 10001\nRUN if true; then\n");
    sandbox.write("empty/readme.md", "");
    sandbox.write("bytes/Dockerfile", [0xff, 0xfe, b'\n']);
    for (folder, words) in
        [("bad", "is no Dockerfile"), ("shell", "line 3: the shell commands could not be read"), ("bytes", "UTF-8")]
    {
        for more in [&[][..], &["--fail-on", "misconfig:low"]] {
            let outcome = sandbox.run(&[&["check", folder], more].concat()).exits(2);
            let all = outcome.stderr.clone() + outcome.text();
            assert!(all.contains(words) && all.contains(folder) && !all.contains("Nothing to mend"), "{all}");
        }
    }
    for (arguments, words) in [
        (&["missing"][..], "could not be read"),
        (&["empty"], "no Dockerfile is in"),
        (&["--format", "purl", "Dockerfile"], "no purl form"),
    ] {
        let sentence = sandbox.run(&[&["check"], arguments].concat()).fails();
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[cfg(unix)]
#[test]
fn files_are_mended_where_they_lie() {
    use std::os::unix::fs::PermissionsExt as _;

    const BEFORE: &str = "FROM debian:12\r\nMAINTAINER Me\r\nADD a /b\r\nCOPY x y\r\nUSER 10001\r\nHEALTHCHECK NONE\r\n";
    const AFTER: &str = "FROM debian:12\r\nLABEL org.opencontainers.image.authors=\"Me\"\r\nCOPY a /b\r\nCOPY x y\r\nUSER 10001\r\nHEALTHCHECK NONE\r\n";
    let sandbox = Sandbox::new();
    sandbox.write("Dockerfile", BEFORE);
    sandbox.write("other/Dockerfile", GOOD);
    sandbox.write("bad/Dockerfile", "FRM debian\n");
    let path = sandbox.path("Dockerfile");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&path, sandbox.path("other/Dockerfile.link")).unwrap();

    let mut piped = sandbox.offline(&["check", "--fix", "--fail-on", "misconfig:low", "-"]);
    piped.stdin(std::fs::File::open(&path).unwrap());
    let outcome = run(&mut piped).exits(1);
    assert_eq!(outcome.text(), AFTER);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), BEFORE);

    let outcome = sandbox.run(&["check", "--fix", "--format", "json", "other/Dockerfile.link", "other", "bad"]).exits(2);
    assert!(outcome.stderr.contains("other/Dockerfile.link: 2 edits"), "{}", outcome.stderr);
    assert_eq!(places(&outcome.json()), [("PLM-D031".to_owned(), 4)]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), AFTER);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(sandbox.path("other/Dockerfile.link").is_symlink());
    assert_eq!(std::fs::read_to_string(sandbox.path("bad/Dockerfile")).unwrap(), "FRM debian\n");
    assert_eq!(std::fs::read_dir(sandbox.path("")).unwrap().count(), 3);

    let again = sandbox.run(&["check", "--fix", "Dockerfile"]).exits(0);
    assert!(!again.stderr.contains("edit"), "{}", again.stderr);
    let refused = sandbox.run(&["check", "--fix", "-", "Dockerfile"]).fails();
    assert!(refused.contains("either - or files"), "{refused}");
}
