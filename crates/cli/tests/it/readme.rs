//! Every command of README.md runs, and what the README shows is what it prints.
//!
//! A block ```` ```console ```` holds lines `$ command`, each followed by its output. They run one after the other in one
//! folder that holds what the README speaks of (`app.tar`, `feeds/`, …), made by this test. A command
//! whose output depends on the machine is followed by `…` lines: then only its exit code is looked at. `# exit 1` at the
//! end of a command says that it ends so. What a command would ask the internet for it asks a server on loopback, at the
//! same path. `PLIMSOLL_TEST_WRITE_README=1` writes what the commands print into the README.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use testing::image::Image;
use testing::server::{Reply, Server};
use testing::tar::Tar;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");

const POLICY: &str = r#"schema: plimsoll.policy/v1
rules:
  - name: known-exploited
    deny-exploited: true
    message: Attackers use this today
    link: https://wiki.example.com/exploited
  - name: fixed-in-time
    scope: {gate: [push, admit], image: "registry.example.com/**"}
    fix-within-days: {severity: high, from-fix: 30}
  - name: enough-is-known
    min-coverage: 90
    outcome: warn
  - name: our-python
    scope: {environment: production}
    when: packages.exists(p, p.type == "pypi" && p.name == "jinja2" && p.version.startsWith("2."))
    outcome: deny
"#;

const CASES: &str = "policy: policy.yaml
cases:
  - name: what attackers use stays out
    report: report.json
    at: push
    environment: test
    expect: deny\n";

const LICENCES: &str = "rules:
  - name: licences
    licenses:
      allow: [MIT, Apache-2.0, Zlib, \"BSD-*\"]
      deny: [AGPL, GPL-3.0-or-later]
      unknown: warn
      except: [\"pkg:npm/shop\"]\n";

const DOCKERFILE: &str = r#"FROM debian:12
RUN apt-get update && apt-get install -y curl
RUN curl https://example.com/install.sh | bash
USER 10001
CMD ["shop"]
"#;

const HOST: &str = r#"{
  "schema": "plimsoll.host-facts/v1",
  "arguments": {"known": ["/usr/bin/dockerd", "-H", "fd://", "-H", "tcp://0.0.0.0:2375"]}, "daemon_json": {"known": null},
  "engine": {"known": {
    "version": "28.2.2", "security_options": ["name=apparmor", "name=seccomp,profile=builtin"], "swarm": {"state": "inactive"},
    "images": [{"id": "sha256:1", "tags": ["shop:2"]}],
    "containers": [
      {"name": "agent", "state": "running", "image": "shop:2", "image_id": "sha256:1", "apparmor_profile": "docker-default",
       "healthcheck": true, "memory": 536870912, "nano_cpus": 1000000000, "pids_limit": 100, "read_only": true,
       "security_options": ["no-new-privileges"], "network_mode": "front", "processes": {"known": ["agent"]},
       "mounts": [{"kind": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock", "writable": true}]},
      {"name": "shop", "state": "running", "image": "shop:2", "image_id": "sha256:1", "apparmor_profile": "docker-default",
       "healthcheck": true, "nano_cpus": 1000000000, "pids_limit": 100, "read_only": true, "network_mode": "front",
       "security_options": ["no-new-privileges"], "processes": {"known": ["shop"]},
       "ports": [{"address": "0.0.0.0", "host": 8080, "inside": "8080/tcp"}]}
    ]
  }}
}"#;

/// One command and what the README shows of it.
struct Example {
    command: String,
    exit: i32,
    shown: Vec<String>,
}

enum Block {
    Text(String),
    Example(Example),
}

fn read(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut console = false;
    for line in text.lines() {
        if line.starts_with("```") {
            console = line == "```console";
        }
        match (console, line.strip_prefix("$ "), blocks.last_mut()) {
            (true, Some(command), _) => {
                let exit = command.rsplit_once("# exit ").map_or(0, |(_, code)| code.trim().parse().unwrap());
                blocks.push(Block::Example(Example { command: command.to_owned(), exit, shown: Vec::new() }));
            }
            (true, None, Some(Block::Example(example))) if !line.starts_with("```") => example.shown.push(line.to_owned()),
            _ => blocks.push(Block::Text(line.to_owned())),
        }
    }
    blocks
}

#[test]
fn commands_do_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let _homes = serve_homes(folder.path());
    let mut written = String::new();
    for block in read(&std::fs::read_to_string(README).unwrap()) {
        match block {
            Block::Text(line) => {
                written.push_str(&line);
                written.push('\n');
            }
            Block::Example(example) => {
                written.push_str(&format!("$ {}\n", example.command));
                let (exit, output) = run(&example.command, folder.path());
                assert_eq!(exit, example.exit, "{}\n{output}", example.command);
                let varies = example.shown.iter().any(|line| line.contains('…'));
                let shown = if varies { example.shown.join("\n") } else { output.trim_end().to_owned() };
                if !shown.is_empty() {
                    written.push_str(&shown);
                    written.push('\n');
                }
            }
        }
    }
    if std::env::var_os("PLIMSOLL_TEST_WRITE_README").is_some() {
        std::fs::write(README, written).unwrap();
    } else {
        assert_eq!(std::fs::read_to_string(README).unwrap(), written, "README.md shows something else than the program prints");
    }
}

/// Runs one line as a shell would, with `plimsoll` being the program under test.
fn run(command: &str, folder: &Path) -> (i32, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let line = command.rsplit_once("# exit ").map_or(command, |(line, _)| line);
    // The set-up commands build; what they then run is the program that is built already.
    let line = line.replace("cargo run --release --", "plimsoll --offline");
    if line.starts_with("cargo ") {
        return (0, String::new());
    }
    let output = Command::new("bash")
        .args(["-o", "pipefail", "-c", &line])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default()))
        .env("HOME", folder)
        .env("PLIMSOLL_CACHE_DIR", folder.join(".cache"))
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap_or(-1), text)
}

/// What the README speaks of.
fn prepare(folder: &Path) {
    let status = "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.1.1n-0+deb11u1\n\n\
        Package: libwebp6\nSource: libwebp\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.6.1-2.1\n\n\
        Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.1-2+deb11u1\n";
    let release = "ID=debian\nVERSION_ID=\"11\"\nVERSION_CODENAME=bullseye\nPRETTY_NAME=\"Debian GNU/Linux 11 (bullseye)\"\n";
    let base = || Tar::new().file("etc/os-release", release).file("var/lib/dpkg/status", status);
    let app = Tar::new().file(
        "app/venv/lib/python3.11/site-packages/jinja2-2.10.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: Jinja2\nVersion: 2.10\n\n",
    );
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let image = Image::new().layer(base()).layer(app);
    write("app.tar", &image.docker_archive("app:1"));
    write("web.tar", &web(base()).docker_archive("web:1"));
    let usage = serde_json::json!({
        "schema": "plimsoll.usage/v1", "image": testing::image::sha256(&image.config_bytes()),
        "observed": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-08T00:00:00Z"},
        "uses": [{"purl": "pkg:deb/debian/openssl@1.1.1n-0+deb11u1?arch=amd64&distro=debian-11", "evidence": "mapped"}],
    });
    write("shop.tar", &licensed());
    write("licences.yaml", LICENCES.as_bytes());
    write("usage.json", usage.to_string().as_bytes());
    write("base.tar", &Image::new().layer(base()).docker_archive("base:1"));
    // Facts as published by Debian (https://www.debian.org/security/) and CISA (https://www.cisa.gov/kev).
    write(
        "feeds/debian/data/DSA/list",
        b"[17 Sep 2023] DSA-5497-2 libwebp - security update\n\t{CVE-2023-4863}\n\t[bullseye] - libwebp 0.6.1-2.1+deb11u2\n\
          [07 Feb 2023] DSA-5343-1 openssl - security update\n\t{CVE-2022-4304 CVE-2022-4450 CVE-2023-0215 CVE-2023-0286}\n\t[bullseye] - openssl 1.1.1n-0+deb11u4\n",
    );
    let kev = r#"{"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2023.09.13", "dateReleased": "2023-09-13T17:00:00.000Z",
        "count": 1, "vulnerabilities": [{"cveID": "CVE-2023-4863", "vendorProject": "Google", "product": "Chromium WebP",
        "vulnerabilityName": "Google Chromium WebP Heap-Based Buffer Overflow Vulnerability", "dateAdded": "2023-09-13",
        "shortDescription": "", "requiredAction": "", "dueDate": "2023-10-04", "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": ["CWE-787"]}]}"#;
    write("policy.yaml", POLICY.as_bytes());
    write("cases.yaml", CASES.as_bytes());
    write("Dockerfile", DOCKERFILE.as_bytes());
    write("settings/deploy.env", ["URL=https://shop.example.com\nCI_TOKEN=glpat-", "q7Zr2mXk9LwTb4VnYe8c\n"].concat().as_bytes());
    write("host.json", HOST.as_bytes());
    write("feeds/kev/known_exploited_vulnerabilities.json", kev.as_bytes());
}

/// An image whose build went wrong in some ways.
fn web(base: Tar) -> Image {
    let files = Tar::new()
        .mode(0o4755)
        .file("app/become", "web")
        .file("root/.npmrc", "registry=https://npm.example.com\n")
        .file("root/.npm/_cacache/index", "x".repeat(3_400_000));
    let step = |text: &str| serde_json::json!({"created_by": text});
    let history =
        [step("/bin/sh -c #(nop) ADD file:5f70bf18a086 in / "), step("RUN /bin/sh -c npm ci && make install # buildkit")];
    let labels = serde_json::json!({
        "org.opencontainers.image.source": "https://git.example.com/web", "org.opencontainers.image.revision": "4a07fe5",
    });
    let config =
        serde_json::json!({"User": "10001", "Labels": labels, "Healthcheck": {"Test": ["CMD", "/app/web", "--healthy"]}});
    Image::new().layer(base).layer(files).set("history", history.as_slice().into()).set("config", config)
}

/// Under several licences: what Debian's copyright file, a manifest and a text beside one say.
fn licensed() -> Vec<u8> {
    let status = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.1-2+deb11u1\n\n\
        Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.2.11.dfsg-2+deb11u2\n";
    let dep5 = |license: &str| {
        let format = "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/";
        format!("Format: {format}\n\nFiles: *\nLicense: {license}\n")
    };
    let mit = "Copyright (c) 2009-2014 TJ Holowaychuk <tj@vision-media.ca>\n\nPermission is hereby granted, free of charge, to any \
        person obtaining\na copy of this software and associated documentation files (the\n'Software'), to deal in the Software \
        without restriction, including\nwithout limitation the rights to use, copy, modify, merge, publish,\ndistribute, \
        sublicense, and/or sell copies of the Software, and to\npermit persons to whom the Software is furnished to do so, \
        subject to\nthe following conditions:\n\nThe above copyright notice and this permission notice shall be\nincluded in all \
        copies or substantial portions of the Software.\n";
    let layer = Tar::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"11\"\nPRETTY_NAME=\"Debian GNU/Linux 11 (bullseye)\"\n")
        .file("var/lib/dpkg/status", status)
        .file("usr/share/doc/bash/copyright", dep5("GPL-3+"))
        .file("usr/share/doc/zlib1g/copyright", dep5("Zlib"))
        .file("app/node_modules/express/package.json", r#"{"name": "express", "version": "4.18.2"}"#)
        .file("app/node_modules/express/LICENSE", mit)
        .file(
            "app/node_modules/jszip/package.json",
            r#"{"name": "jszip", "version": "3.10.1", "license": "(MIT OR GPL-3.0-or-later)"}"#,
        )
        .file("app/node_modules/shop/package.json", r#"{"name": "shop", "version": "1.0.0", "license": "UNLICENSED"}"#);
    Image::new().layer(layer).docker_archive("shop:1")
}

/// Serves the feeds in the folder where their homes have them, and says so in the user's settings.
fn serve_homes(folder: &Path) -> Server {
    let files = advisory::update::catalogue(&BTreeMap::new(), Timestamp::UNIX_EPOCH);
    let path = |address: &str| address.split('/').skip(3).map(|part| format!("/{part}")).collect::<String>();
    let mut served = BTreeMap::new();
    for file in &files {
        if let Ok(content) = std::fs::read(folder.join("feeds").join(&file.place)) {
            served.insert(path(&file.address), content);
        }
    }
    assert_eq!(served.len(), 2, "homes of the README's feeds");
    let server = Server::start(move |asked| served.get(&asked.path).map_or(Reply::status(404), |body| Reply::ok(body.clone())));
    let homes: BTreeMap<&str, String> =
        files.iter().map(|file| (file.feed.as_str(), format!("{}{}", server.address(), path(&file.address)))).collect();
    let mut settings = "[feeds]\n".to_owned();
    for (feed, home) in homes {
        writeln!(settings, "\"{feed}\" = \"{home}\"").unwrap();
    }
    std::fs::create_dir_all(folder.join(".config/plimsoll")).unwrap();
    std::fs::write(folder.join(".config/plimsoll/plimsoll.toml"), settings).unwrap();
    server
}
