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
        (&["empty"], "no Dockerfile, Compose file or manifest is in"),
        (&["--format", "purl", "Dockerfile"], "no purl form"),
    ] {
        let sentence = sandbox.run(&[&["check"], arguments].concat()).fails();
        assert!(sentence.contains(words), "{sentence}");
    }
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: app
          image: nginx:1.27
          env:
            - name: DB_PASSWORD
              value: hunter2
";

#[test]
fn manifests_are_told_by_their_content() {
    let sandbox = Sandbox::new();
    sandbox.write("deploy/web.yaml", DEPLOYMENT);
    sandbox.write("deploy/values.yaml", "image: nginx\nprivileged: true\n");
    sandbox.write("deploy/broken.yaml", "a: [\n");
    sandbox.write("deploy/package.json", "{\"name\": \"x\"}\n");
    let report = sandbox.run(&["check", "--format", "json", "deploy"]).exits(0).json();
    let found = places(&report);
    assert!(found.contains(&("PLM-K003".to_owned(), 9)) && found.contains(&("PLM-K046".to_owned(), 15)), "{found:?}");
    let rows = report["misconfigurations"].as_array().unwrap();
    let network = rows.iter().find(|row| row["id"] == "PLM-K003").unwrap();
    assert_eq!((&network["about"], &network["instruction"]), (&json!("Deployment shop/web"), &json!("hostNetwork: true")));
    assert_eq!(
        report["pod_security"],
        json!([{"target": "deploy/web.yaml", "line": 2, "workload": "Deployment shop/web", "level": "privileged", "against": ["Host Namespaces"]}])
    );
    for format in ["table", "json", "github"] {
        let shown = sandbox.run(&["check", "--format", format, "deploy"]).exits(0);
        assert!(shown.text().contains("PLM-K046") && !shown.text().contains("hunter2"), "{}", shown.text());
    }
    let mut piped = sandbox.offline(&["check", "--format", "json", "-"]);
    piped.stdin(std::fs::File::open(sandbox.path("deploy/web.yaml")).unwrap());
    assert_eq!(places(&run(&mut piped).exits(0).json()), found);
    sandbox.run(&["check", "--fail-on", "misconfig:high", "deploy"]).exits(1);
}

#[test]
fn what_is_no_manifest_is_an_error_where_it_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("values.yaml", "image: nginx\n");
    sandbox.write("broken.yaml", "a: [\n");
    sandbox.write("notes", "image: nginx\n");
    sandbox.write("half.yaml", format!("{DEPLOYMENT}---\napiVersion: v1\nkind: Pod\n\tx\n---\n{DEPLOYMENT}"));
    sandbox.write("bytes.yaml", b"apiVersion: v1\nkind: Pod\nx: \xff\n");
    sandbox.write("unrendered.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n");
    for (file, words) in [
        ("values.yaml", "neither a manifest of Kubernetes nor a Compose file"),
        ("notes", "notes is no Dockerfile, no manifest of Kubernetes and no Compose file"),
        ("broken.yaml", "line 1 is no YAML"),
        ("half.yaml", "half.yaml line 19 is no YAML: a tab"),
        ("bytes.yaml", "bytes.yaml line 3 is no text in UTF-8"),
        ("unrendered.yaml", "line 4 is a template that has not been rendered; check what it makes: helm template"),
    ] {
        let outcome = sandbox.run(&["check", file]).exits(2);
        let all = outcome.stderr.clone() + outcome.text();
        assert!(outcome.stderr.contains(words) && !all.contains("Nothing to mend"), "{all}");
    }
    let report = sandbox.run(&["check", "--format", "json", "half.yaml"]).exits(2).json();
    assert_eq!(places(&report).iter().filter(|(id, _)| id == "PLM-K003").count(), 2);
}

#[test]
fn charts_and_kustomizations_are_told_once() {
    let sandbox = Sandbox::new();
    sandbox.write("chart/Chart.yaml", "apiVersion: v2\nname: web\n");
    for number in 0..3 {
        sandbox.write(&format!("chart/templates/{number}.yaml"), "apiVersion: v1\nkind: Pod\nx: {{ .Values.x }}\n");
    }
    sandbox.write("base/kustomization.yaml", "kind: Kustomization\npatches:\n  - path: patch.yaml\nresources: [web.yaml]\n");
    sandbox.write("base/patch.yaml", DEPLOYMENT);
    sandbox.write("base/web.yaml", DEPLOYMENT);
    let outcome = sandbox.run(&["check", "chart"]).exits(2);
    assert_eq!(outcome.text().matches("helm template chart").count(), 1, "{}", outcome.text());
    let report = sandbox.run(&["check", "--format", "json", "base"]).exits(0).json();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    assert!(report["warnings"][0].as_str().unwrap().contains("kubectl kustomize base"), "{}", report["warnings"]);
    let rows = report["misconfigurations"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["target"] == "base/web.yaml"));
}

#[test]
fn compose_files_are_checked_beside_dockerfiles() {
    let sandbox = Sandbox::new();
    sandbox.write("Dockerfile", GOOD);
    sandbox.write(
        "compose.yaml",
        "services:\n  proxy:\n    image: traefik:v3.1\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n    environment: {API_TOKEN: hunter2}\n",
    );
    sandbox.write("compose.override.yaml", "services:\n  proxy:\n    privileged: true\n");
    let report = sandbox.run(&["check", "--format", "json", "."]).exits(0).json();
    let rows = report["misconfigurations"].as_array().unwrap();
    let socket = rows.iter().find(|row| row["id"] == "PLM-C002").unwrap();
    assert_eq!((&socket["about"], &socket["line"]), (&json!("service proxy: /var/run/docker.sock"), &json!(5)));
    assert!(!report.to_string().contains("hunter2"));
    // What lies over another file says only what differs.
    let over: Vec<&str> =
        rows.iter().filter(|row| row["target"] == "compose.override.yaml").filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(over, ["PLM-C001"]);
    // A comment above it is enough.
    sandbox.write("compose.override.yaml", "services:\n  proxy:\n    # plimsoll ignore=CIS-5.5\n    privileged: true\n");
    let outcome = sandbox.run(&["check", "compose.override.yaml"]).exits(0);
    assert!(outcome.text().contains("Nothing to mend"), "{}", outcome.text());
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
