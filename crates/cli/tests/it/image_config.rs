//! Misconfigurations of images themselves: what `scan` says of them, what gates do, and what Trivy says of the same image.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testing::image::Image;
use testing::tar::Tar;

use crate::command::{Sandbox, sentences};
use crate::fixture::{self, prepared};

/// Debian with a program that its package owns.
fn base() -> Tar {
    let status = "Package: util-linux\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.38\n\n";
    Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        .file("var/lib/dpkg/status", status)
        .file("var/lib/dpkg/info/util-linux.list", "/.\n/usr/bin/su\n")
        .mode(0o4755)
        .file("usr/bin/su", "su")
}

fn step(created_by: &str, is_empty: bool) -> Value {
    json!({"created_by": created_by, "empty_layer": is_empty})
}

/// As little as can be wrong with an image.
fn good() -> Image {
    good_of(fixture::debian(&[("bash", "5.2.15-2")]).mode(0o755).file("app", "app"))
}

fn good_of(root: Tar) -> Image {
    Image::new().layer(root).set(
        "config",
        json!({"User": "10001", "Healthcheck": {"Test": ["CMD", "/app", "--healthy"]}, "Labels": {
            "org.opencontainers.image.source": "https://git.example.com/app",
            "org.opencontainers.image.revision": "4a07fe5",
        }}),
    )
}

/// An image with which much is wrong.
fn bad() -> Image {
    let tools = Tar::new()
        .mode(0o4755)
        .file("opt/tool", "tool")
        .mode(0o2755)
        .file("opt/mended", "tool")
        .mode(0o777)
        .entry(b"opt/open", b'5', b"", 0)
        .mode(0o777)
        .entry(b"opt/closed", b'5', b"", 0)
        .mode(0o755)
        .file("usr/bin/sudo", "sudo");
    let packages = Tar::new().file("var/lib/apt/lists/x_Packages", "x".repeat(100_000));
    let app = Tar::new()
        .file("app/.git/HEAD", "ref: refs/heads/main\n")
        .file("app/.env", "A=b\n")
        .file("root/.aws/credentials", "[default]\n")
        .file("root/.netrc", "machine a.example.com\n")
        .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\na:x:7:7::/:\nb:x:7:7::/:\n")
        .file("etc/shadow", "root::19000:0:99999:7:::\na:$6$salt$word:19000::::::\n");
    // Another mode, another file, and one that is deleted where the layer below keeps it.
    let mended = Tar::new()
        .directory("opt/closed")
        .mode(0o755)
        .file("opt/mended", "tool")
        .whiteout("root/.aws/credentials")
        .whiteout("var/lib/apt/lists/x_Packages");
    Image::new()
        .layer(base())
        .layer(tools)
        .layer(packages)
        .layer(app)
        .layer(mended)
        .set("config", json!({"User": "0:0", "Env": ["PATH=/bin", "DB_PASSWORD=correct-horse"], "ExposedPorts": {"22/tcp": {}}}))
        .set(
            "history",
            json!([
                step("/bin/sh -c #(nop) ADD file:5f70bf18a086007016e9 in / ", false),
                step("/bin/sh -c #(nop)  ENV DB_PASSWORD=correct-horse", true),
                step(
                    "RUN |1 DEPLOY_TOKEN=battery-staple /bin/sh -c curl -sL https://a.example.com/install | sudo bash # buildkit",
                    false
                ),
                step("/bin/sh -c apt-get update", false),
                step("COPY . /app # buildkit", false),
                step("RUN /bin/sh -c apt-get dist-upgrade -y # buildkit", false),
                step("ADD conf /conf # buildkit", true),
                step("ADD https://a.example.com/tool /tool # buildkit", true),
                step("VOLUME [/etc]", true),
                step("EXPOSE map[22/tcp:{}]", true),
                step("USER 0:0", true),
            ]),
        )
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("good.tar", good().docker_archive("good:1"));
    sandbox.write("bad.tar", bad().docker_archive("bad:latest"));
    sandbox
}

fn scan(sandbox: &Sandbox, image: &str) -> Value {
    sandbox.run(&["scan", image, "--only", "misconfig", "--format", "json"]).exits(0).json()
}

/// Id, what it is about and the step, of each misconfiguration.
fn rows(report: &Value) -> Vec<(&str, &str, &str)> {
    fn text(value: &Value) -> &str {
        value.as_str().unwrap_or("-")
    }
    let all = report["misconfigurations"].as_array().unwrap();
    all.iter().map(|one| (text(&one["id"]), text(&one["about"]), text(&one["instruction"]))).collect()
}

#[test]
fn each_finding_names_what_brought_it() {
    let sandbox = sandbox();
    let report = scan(&sandbox, "bad.tar");
    let app = "COPY . /app";
    let fetched = "RUN curl -sL https://a.example.com/install | sudo bash";
    assert_eq!(
        rows(&report),
        [
            ("PLM-I001", "", "USER 0:0"),
            ("PLM-I002", "", "-"),
            ("PLM-I003", "/usr/bin/su", "ADD file:5f70bf18a086007016e9 in /"),
            ("PLM-I004", "/opt/tool", fetched),
            ("PLM-I005", "ENV DB_PASSWORD", "ENV DB_PASSWORD=…"),
            ("PLM-I005", "ARG DEPLOY_TOKEN", fetched),
            ("PLM-I006", "bad:latest", "-"),
            ("PLM-I007", "/opt/open", fetched),
            ("PLM-I008", "/root/.aws/credentials (deleted later, still in its layer), /root/.netrc", app),
            ("PLM-I009", "/var/lib/apt/lists (0.1 MB)", "RUN apt-get update"),
            ("PLM-I010", "", fetched),
            ("PLM-I011", "", "ADD https://a.example.com/tool /tool"),
            ("PLM-I012", "", "RUN apt-get dist-upgrade -y"),
            ("PLM-I013", "", "RUN apt-get update"),
            ("PLM-I014", "", fetched),
            ("PLM-I015", "/usr/bin/sudo", fetched),
            ("PLM-I016", "", "VOLUME [/etc]"),
            ("PLM-I017", "without org.opencontainers.image.source and org.opencontainers.image.revision", "-"),
            ("PLM-I018", "", "EXPOSE map[22/tcp:{}]"),
            ("PLM-I019", "root in /etc/shadow", app),
            ("PLM-I020", "toor", app),
            ("PLM-I021", "a and b in /etc/passwd", app),
            ("PLM-I022", "/app/.env, /app/.git/HEAD", app),
            ("PLM-I023", "", "ADD conf /conf"),
        ]
    );
    assert_eq!(report["findings"], Value::Null);
    for one in report["misconfigurations"].as_array().unwrap() {
        assert_eq!((&one["target"], &one["line"]), (&json!("bad.tar"), &Value::Null));
        assert!(!one["fix"].as_str().unwrap().is_empty() && !one["title"].as_str().unwrap().is_empty());
    }
    // Read from the cache it is the same; and nothing shows what a secret is.
    let again = sandbox.run(&["scan", "bad.tar", "--only", "misconfig", "--format", "json"]).exits(0);
    assert_eq!(rows(&again.json()), rows(&report));
    let rows = again.json()["misconfigurations"].to_string();
    assert!(!rows.contains("correct-horse") && !rows.contains("battery-staple") && !rows.contains("$6$"));

    assert_eq!(self::rows(&scan(&sandbox, "good.tar")), []);
    let table = sandbox.run(&["scan", "good.tar", "--only", "misconfig"]).exits(0);
    assert!(table.text().contains("No misconfiguration was found."), "{}", table.text());
    let table = sandbox.run(&["scan", "bad.tar", "--only", "misconfig"]).exits(0);
    assert!(table.text().contains("    by COPY . /app\n") && table.text().contains("24 misconfigurations:"), "{}", table.text());
}

#[test]
fn what_the_search_for_secrets_found_is_said() {
    let sandbox = Sandbox::new();
    let token = format!("glpat-{}", "x7Yq2Lm9Rt4Wv8Kd3Zb6");
    let image = good()
        .set("config", json!({"User": "1", "Env": [format!("REGISTRY={token}")]}))
        .set("history", json!([step("COPY a /", false), step(&format!("ENV REGISTRY={token}"), true)]));
    sandbox.write("image.tar", image.docker_archive("image:1"));
    let report = sandbox.run(&["scan", "image.tar", "--only", "misconfig,secret", "--format", "json"]).exits(0).json();
    let rows: Vec<_> = rows(&report).into_iter().filter(|row| row.0 == "PLM-I005").collect();
    assert_eq!(rows.len(), 1, "{report}");
    assert!(rows[0].1.starts_with("ENV REGISTRY: ") && rows[0].2.starts_with("ENV REGISTRY="), "{rows:?}");
    // The name alone tells nothing, but no report shows the token.
    let alone = sandbox.run(&["scan", "image.tar", "--only", "misconfig", "--format", "json"]).exits(0);
    assert!(!alone.text().contains(&token));
}

#[test]
fn a_root_file_system_is_asked_of_its_files_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("root.tar", base().mode(0o4755).file("opt/tool", "tool").bytes());
    let report = scan(&sandbox, "root.tar");
    assert_eq!(rows(&report), [("PLM-I003", "/usr/bin/su", "-"), ("PLM-I004", "/opt/tool", "-")]);

    sandbox.write("root/etc/os-release", "ID=debian\n");
    sandbox.write("root/root/.netrc", "machine a\n");
    assert_eq!(rows(&scan(&sandbox, "dir:root")), [("PLM-I008", "/root/.netrc", "-")]);

    // Of source and of an SBOM there is no image to look at.
    sandbox.write("source/package-lock.json", "{}");
    let source = scan(&sandbox, "source:source");
    assert_eq!(source["misconfigurations"], Value::Null);
    assert!(sentences(&source["warnings"]).contains("plimsoll check"));
    let gated = ["scan", "source:source", "--only", "misconfig", "--fail-on", "misconfig:low"];
    sandbox.run(&gated).exits(2);
}

#[test]
fn gates_ask_for_them() {
    let sandbox = sandbox();
    let fails = |image: &str, level: &str| {
        sandbox.run(&["scan", image, "--only", "misconfig", "--fail-on", &format!("misconfig:{level}"), "--format", "json"])
    };
    let refused = fails("bad.tar", "critical").exits(1).json();
    let reasons = refused["decision"]["reasons"].as_array().unwrap();
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0]["rule"], "fail-on misconfig:critical");
    assert!(reasons[0]["message"].as_str().unwrap().starts_with("PLM-I019 "));
    fails("good.tar", "low").exits(0);
    // They need not be named, and where they were not looked for, nobody can tell.
    sandbox.run(&["scan", "bad.tar", "--only", "misconfig", "--fail-on", "misconfig:low"]).exits(1);
    sandbox.run(&["scan", "good.tar", "--only", "secret", "--fail-on", "misconfig:low"]).exits(2);
}

#[test]
fn a_policy_that_names_them_has_them_looked_for() {
    let sandbox = prepared();
    let policy =
        |name: &str, rule: &str| sandbox.write(name, format!("schema: plimsoll.policy/v1\nrules:\n  - name: one\n{rule}"));
    policy(
        "misconfigurations.yaml",
        "    when: misconfigurations == null || misconfigurations.exists(m, m.severity == \"high\")\n    outcome: deny\n",
    );
    policy("secrets.yaml", "    no-secrets: true\n");
    let root = || fixture::debian(&[("bash", "5.2.15-2")]);
    let token = format!("TOKEN=glpat-{}\n", "x7Yq2Lm9Rt4Wv8Kd3Zb6");
    for (name, image) in [
        ("good.tar", good_of(root())),
        ("root.tar", good_of(root()).set("config", json!({"User": "root"}))),
        ("token.tar", good_of(root().file("app/settings", token))),
    ] {
        sandbox.write(name, image.docker_archive("image:1"));
    }
    for (policy, image, code) in [
        ("misconfigurations.yaml", "good.tar", 0),
        ("misconfigurations.yaml", "root.tar", 1),
        ("secrets.yaml", "good.tar", 0),
        ("secrets.yaml", "token.tar", 1),
    ] {
        sandbox.run(&["gate", image, "--db", "test.db", "--policy", policy, "--at", "push"]).exits(code);
        sandbox.run(&["scan", image, "--db", "test.db", "--policy", policy]).exits(code);
    }
    // Who asks for something else alone leaves the policy without evidence.
    let blind = ["scan", "good.tar", "--db", "test.db", "--policy", "misconfigurations.yaml", "--only", "vuln"];
    sandbox.run(&blind).exits(1);
    // A plain scan does not look.
    assert_eq!(sandbox.scan(&["good.tar"])["misconfigurations"], Value::Null);
    let both = sandbox.scan(&["root.tar", "--only", "vuln,misconfig"]);
    assert!(both["findings"].is_array() && rows(&both).iter().any(|row| row.0 == "PLM-I001"));
}

/// Ids of Trivy where we speak otherwise, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("DS-0001", "Trivy asks which tag the base has, which no history tells; here it is the image's own"),
    ("DS-0004", "Trivy does not read ports as BuildKit writes them, `map[22/tcp:{}]`"),
    ("DS-0010", "Trivy knows sudo where a command begins with it, and not in a pipe"),
    ("DS-0015", "what yum leaves is looked for in the layers, with that of every other package manager"),
    ("DS-0019", "what dnf leaves is looked for in the layers, with that of every other package manager"),
    ("DS-0020", "what zypper leaves is looked for in the layers, with that of every other package manager"),
    ("DS-0024", "Trivy gave the rule up"),
    ("DS-0025", "what apk leaves is looked for in the layers, with that of every other package manager"),
    ("DS-0027", "what microdnf leaves is looked for in the layers, with that of every other package manager"),
    ("DS-0030", "volumes and the working folder are one rule here"),
];

#[test]
fn trivy_says_the_same_of_one_image() {
    let sandbox = sandbox();
    let Some(mut trivy) = testing::peer("trivy") else { return };
    let output = trivy
        .args(["image", "--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-version-check"])
        .args(["--offline-scan", "--disable-telemetry", "--cache-backend", "memory", "-q", "--scanners", "misconfig"])
        .args(["--image-config-scanners", "misconfig", "--format", "json", "--input"])
        .arg(sandbox.path("bad.tar"))
        .output()
        .unwrap();
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap();
    let theirs: BTreeSet<&str> = theirs["Results"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|result| result["Misconfigurations"].as_array().into_iter().flatten())
        .filter_map(|one| one["ID"].as_str())
        .collect();
    let report = scan(&sandbox, "bad.tar");
    let ours: BTreeSet<&str> = report["misconfigurations"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["aliases"].as_array().unwrap())
        .filter_map(Value::as_str)
        .filter(|alias| alias.starts_with("DS-"))
        .collect();
    let explained: BTreeMap<&str, &str> = DIFFERENCES.iter().copied().collect();
    let unexplained: Vec<&&str> = ours.symmetric_difference(&theirs).filter(|id| !explained.contains_key(**id)).collect();
    assert!(theirs.len() > 3 && unexplained.is_empty(), "ours {ours:?}\ntheirs {theirs:?}\n{unexplained:?}");
}

#[test]
fn real_images() {
    let Some(image) = testing::built_image("debian12.docker.tar") else { return };
    let sandbox = Sandbox::new();
    let report = scan(&sandbox, image.to_str().unwrap());
    let found = rows(&report);
    let ids: Vec<&str> = found.iter().map(|row| row.0).collect();
    assert_eq!(ids, ["PLM-I001", "PLM-I002", "PLM-I003", "PLM-I006", "PLM-I017"]);
    for program in ["/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/usr/sbin/unix_chkpwd"] {
        assert!(found[2].1.contains(program), "{}", found[2].1);
    }
}
