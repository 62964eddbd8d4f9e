//! Two real engines: every row of the table in `docs/host-check.md` is what the program says of them.

use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use testing::engine::{Engine, unmount_below};
use testing::image::Image;
use testing::tar::Tar;

use super::outcomes;
use crate::command::{Sandbox, run};

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/host-check.md"));

/// The root file system of a host as it is told by these files, with the engine's folder and processes where they really are.
struct Host {
    root: TempDir,
}

impl Drop for Host {
    fn drop(&mut self) {
        unmount_below(self.root.path());
    }
}

impl Host {
    fn new(engine: &Engine, files: &[(&str, &str, u32, u32)], members: &str) -> Self {
        let host = Self { root: tempfile::tempdir().unwrap() };
        // The group of the socket is called docker here, whatever it is called there.
        let group = std::fs::metadata(engine.socket()).unwrap().gid();
        host.write("/etc/group", &format!("docker:x:{group}:{members}\n"), 0o644, 0);
        for (path, text, mode, owner) in files {
            host.write(path, text, *mode, *owner);
        }
        for folder in [Path::new("/proc"), engine.folder()] {
            let inside = host.path(folder.to_str().unwrap());
            std::fs::create_dir_all(&inside).unwrap();
            assert!(Command::new("mount").arg("--bind").args([folder, &inside]).status().unwrap().success());
        }
        host
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    /// A path that ends in `/` is a folder.
    fn write(&self, path: &str, text: &str, mode: u32, owner: u32) {
        let inside = self.path(path);
        if path.ends_with('/') {
            std::fs::create_dir_all(&inside).unwrap();
        } else {
            std::fs::create_dir_all(inside.parent().unwrap()).unwrap();
            std::fs::write(&inside, text).unwrap();
        }
        std::fs::set_permissions(&inside, std::fs::Permissions::from_mode(mode)).unwrap();
        chown(&inside, Some(owner), Some(owner)).unwrap();
    }

    fn check(&self, engine: &Engine, trust: &str) -> Value {
        let sandbox = Sandbox::new();
        let mut command = sandbox.offline(&["host", "check", "--format", "json", "--root"]);
        command.arg(self.root.path()).env("DOCKER_HOST", engine.host()).env("DOCKER_CONTENT_TRUST", trust);
        run(&mut command).exits(0).json()
    }
}

/// An image with a program that sleeps, and one that is called as an SSH server is.
fn image(user: &str, config: &Value, history: &Value) -> Option<Image> {
    let libraries = testing::tool("ldd", &["--version"])?.arg("/bin/sleep").output().unwrap();
    let libraries = String::from_utf8(libraries.stdout).unwrap();
    let libraries = libraries.split_whitespace().filter(|word| word.starts_with('/')).map(|path| (path, path));
    let files: Vec<(&str, &str)> =
        [("/bin/sleep", "/bin/sleep"), ("/bin/sshd", "/bin/sleep")].into_iter().chain(libraries).collect();
    // Without an entry of their own folders are open to root alone.
    let folders: BTreeSet<&Path> = files.iter().flat_map(|(path, _)| Path::new(path).ancestors().skip(1)).collect();
    let mut tar = Tar::new();
    for folder in folders.iter().filter_map(|folder| folder.to_str()).filter(|folder| folder.len() > 1) {
        tar = tar.mode(0o755).directory(&folder[1..]);
    }
    for (path, source) in files {
        tar = tar.mode(0o755).file(&path[1..], std::fs::read(source).unwrap());
    }
    let mut config = config.clone();
    config["User"] = json!(user);
    config["Cmd"] = json!(["/bin/sleep", "1000"]);
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let image = Image::new().platform("linux", architecture).layer(tar).layer(Tar::new().file("app", "x"));
    Some(image.set("config", config).set("history", history.clone()))
}

fn load(engine: &Engine, image: &Image, tag: &str) {
    let path = engine.folder().join("image.tar");
    std::fs::write(&path, image.docker_archive(tag)).unwrap();
    engine.run(&["load", "-q", "-i", path.to_str().unwrap()]);
}

/// The controls of the page, with the outcomes of one of its columns.
fn expected(column: usize) -> Vec<(String, String)> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit());
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[column].replace(' ', "_"))
    };
    rows.map(row).collect()
}

#[track_caller]
fn compare(report: &Value, column: usize) {
    let has_bridge = Path::new("/sys/class/net/docker0").exists();
    let said = outcomes(report);
    let page = expected(column);
    assert_eq!(said.len(), page.len(), "rows of the page\n{said:?}");
    let wrong: Vec<String> = said
        .iter()
        .zip(&page)
        // Elsewhere there may be a bridge, or AppArmor.
        .filter(|((number, _), _)| !(has_bridge && number == "2.2") && number != "5.2")
        .filter(|(said, page)| said != page)
        .map(|(said, page)| format!("{said:?} {page:?}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{report:#}");
}

/// The page counts what is the same, and gives a reason for whatever is not.
#[test]
fn differences_have_reasons() {
    let mut same = 0;
    for line in PAGE.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let is_same = |theirs: &str, ours: &str| {
            matches!(
                (theirs, ours),
                ("PASS", "pass") | ("WARN", "fail") | ("NOTE", "manual") | ("INFO", "manual" | "not applicable")
            )
        };
        let both = [is_same(cells[2], cells[3]), is_same(cells[4], cells[5])];
        same += both.iter().filter(|same| **same).count();
        assert!(both == [true, true] || !cells[6].is_empty(), "{line}");
    }
    assert!(PAGE.contains(&format!("Of 234 verdicts {same} mean the same")), "{same}");
}

const UNITS: &str = "/lib/systemd/system/";
const CERTIFICATE: &str = "/etc/docker/certs.d/registry.example.com/ca.crt";

#[test]
fn an_engine_set_up_with_care() {
    if testing::tool("openssl", &["version"]).is_none() {
        return;
    }
    let Some(engine) = Engine::start_with(|folder| {
        // A file system of its own.
        let data = folder.join("data");
        std::fs::create_dir(&data).unwrap();
        assert!(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(&data).status().unwrap().success());
        let (key, certificate) = (folder.join("key.pem"), folder.join("cert.pem"));
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout"]);
        assert!(openssl.arg(&key).arg("-out").arg(&certificate).output().unwrap().status.success());
        for (path, mode) in [(&key, 0o400), (&certificate, 0o444)] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let settings = json!({
            "log-level": "info", "userland-proxy": false, "no-new-privileges": true, "live-restore": true,
            "log-driver": "gelf", "log-opts": {"gelf-address": "udp://127.0.0.1:12201"},
            "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}},
            "tlsverify": true, "tlscacert": certificate, "tlscert": certificate, "tlskey": key,
        });
        (settings, vec!["--host".to_owned(), "tcp://127.0.0.1:0".to_owned()])
    }) else {
        return;
    };
    let history = json!([
        {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "}, {"created_by": "COPY app / # buildkit"},
        {"created_by": "ENV A=b", "empty_layer": true},
    ]);
    let config = json!({"Env": ["A=b"], "Healthcheck": {"Test": ["CMD", "/bin/sleep", "0"], "Interval": 3_600_000_000_000_i64}});
    let Some(image) = image("10001", &config, &history) else { return };
    load(&engine, &image, "lab/app:1");
    engine.run(&["network", "create", "front"]);
    engine.run(&[
        "run",
        "-d",
        "--name",
        "pinned",
        "--network",
        "front",
        "-p",
        "127.0.0.1::80",
        "-m",
        "64m",
        "--cpus",
        "0.5",
        "--pids-limit",
        "50",
        "--read-only",
        "--restart",
        "on-failure:5",
        "--cap-drop",
        "ALL",
        "lab/app:1",
    ]);
    let unit = |name: &str| format!("{UNITS}{name}");
    let rules = [
        "/usr/bin",
        "/usr/sbin",
        "/run/containerd",
        "/etc/docker",
        "/etc/default/docker",
        "/etc/sysconfig/docker",
        UNITS,
        "/etc/containerd",
    ];
    let rules: String = rules.iter().map(|path| format!("-w {path} -p wa -k docker\n")).collect();
    let own = format!("-w {} -p wa -k docker\n", engine.folder().display());
    let host = Host::new(
        &engine,
        &[
            ("/etc/audit/rules.d/docker.rules", &(rules + &own), 0o640, 0),
            ("/etc/docker/", "", 0o755, 0),
            (CERTIFICATE, "", 0o444, 0),
            (&unit("docker.service"), "", 0o644, 0),
            (&unit("docker.socket"), "", 0o644, 0),
            ("/etc/default/docker", "", 0o644, 0),
            ("/etc/sysconfig/docker", "", 0o600, 0),
            ("/etc/containerd/config.toml", "", 0o644, 0),
            ("/run/containerd/", "", 0o711, 0),
            ("/usr/sbin/dockerd", "", 0o755, 0),
            ("/usr/bin/containerd", "", 0o755, 0),
            ("/usr/bin/containerd-shim", "", 0o755, 0),
            ("/usr/bin/containerd-shim-runc-v1", "", 0o755, 0),
            ("/usr/bin/containerd-shim-runc-v2", "", 0o755, 0),
            ("/usr/bin/runc", "", 0o755, 0),
        ],
        "",
    );
    compare(&host.check(&engine, "1"), 3);
}

#[test]
fn an_engine_set_up_without_care() {
    let Some(engine) = Engine::start_with(|_| {
        let settings = json!({
            "log-level": "debug", "insecure-registries": ["registry.example.com:5000", "10.1.0.0/16"], "experimental": true,
            "cgroup-parent": "/careless", "tls": false,
        });
        (settings, vec!["--host".to_owned(), "tcp://127.0.0.1:0".to_owned()])
    }) else {
        return;
    };
    let history = json!([
        {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "}, {"created_by": "RUN /bin/sh -c apt-get update # buildkit"},
        {"created_by": "ENV API_TOKEN=hunter2", "empty_layer": true}, {"created_by": "ADD x / # buildkit", "empty_layer": true},
    ]);
    let config = json!({"Env": ["API_TOKEN=hunter2"]});
    let Some(image) = image("", &config, &history) else { return };
    load(&engine, &image, "lab/app:1");
    engine.run(&["network", "create", "front"]);
    engine.run(&["run", "-d", "--name", "web", "--network", "front", "-p", "80", "lab/app:1", "/bin/sshd", "1000"]);
    engine.run(&["exec", "-d", "--user", "0", "web", "/bin/sleep", "500"]);
    // Not every machine lets containers with all privileges run; what is wrong with them is written down already.
    let socket = format!("{}:/docker.sock", engine.socket().display());
    engine.run(&[
        "create",
        "--name",
        "careless",
        "--privileged",
        "--network",
        "host",
        "--pid",
        "host",
        "--ipc",
        "host",
        "--uts",
        "host",
        "--cap-add",
        "SYS_ADMIN",
        "--security-opt",
        "seccomp=unconfined",
        "-e",
        "DB_PASSWORD=hunter2",
        "-v",
        &socket,
        "-v",
        "/etc:/host/etc",
        "-v",
        "/srv:/srv:rshared",
        "--restart",
        "always",
        "lab/app:1",
    ]);
    engine.run(&[
        "create",
        "--name",
        "published",
        "-p",
        "80:80",
        "--userns",
        "host",
        "--ulimit",
        "nofile=1000000",
        "--cgroup-parent",
        "/x",
        "lab/app:1",
    ]);
    // The name now means another image.
    load(&engine, &image.set("author", json!("somebody")), "lab/app:1");
    let unit = |name: &str| format!("{UNITS}{name}");
    let host = Host::new(
        &engine,
        &[
            ("/etc/docker/", "", 0o777, 1000),
            (CERTIFICATE, "", 0o666, 1000),
            (&unit("docker.service"), "", 0o664, 1000),
            (&unit("docker.socket"), "", 0o577, 1000),
            ("/etc/default/docker", "", 0o666, 1000),
            ("/etc/sysconfig/docker", "", 0o666, 1000),
            ("/etc/containerd/config.toml", "", 0o644, 0),
            ("/run/containerd/containerd.sock", "", 0o666, 1000),
            ("/usr/sbin/dockerd", "", 0o755, 0),
            ("/usr/bin/containerd", "", 0o755, 0),
            ("/usr/bin/containerd-shim", "", 0o755, 0),
            ("/usr/bin/containerd-shim-runc-v1", "", 0o755, 0),
            ("/usr/bin/containerd-shim-runc-v2", "", 0o755, 0),
            ("/usr/bin/runc", "", 0o755, 0),
        ],
        "alice",
    );
    std::fs::set_permissions(engine.folder().join("daemon.json"), std::fs::Permissions::from_mode(0o666)).unwrap();
    chown(engine.folder().join("daemon.json"), Some(1000), Some(1000)).unwrap();
    std::fs::set_permissions(engine.socket(), std::fs::Permissions::from_mode(0o666)).unwrap();
    chown(engine.socket(), Some(1000), None).unwrap();
    let report = host.check(&engine, "0");
    compare(&report, 5);
    // Names of variables are told, never what they hold.
    let text = report.to_string();
    assert!(text.contains("API_TOKEN") && !text.contains("hunter2"));
    let sandbox = Sandbox::new();
    let mut collect = sandbox.offline(&["host", "check", "--collect", "facts.json", "--root"]);
    run(collect.arg(host.root.path()).env("DOCKER_HOST", engine.host()).env("DOCKER_CONTENT_TRUST", "0")).exits(0);
    let facts = String::from_utf8(sandbox.read("facts.json")).unwrap();
    assert!(facts.contains("DB_PASSWORD") && !facts.contains("hunter2") && !facts.contains("apt-get"), "{facts}");
    let judged = sandbox.run(&["host", "check", "--format", "json", "--facts", "facts.json"]).exits(0).json();
    assert_eq!(judged["controls"], report["controls"]);

    // What the file says by now the engine does not know yet.
    let file = engine.folder().join("daemon.json");
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    std::fs::File::options().append(true).open(&file).unwrap().set_modified(later).unwrap();
    let report = host.check(&engine, "0");
    let changed = outcomes(&report);
    let of = |number: &str| changed.iter().find(|(one, _)| one == number).unwrap().1.as_str();
    assert_eq!((of("2.3"), of("2.4"), of("2.5"), of("2.7")), ("undetermined", "fail", "fail", "undetermined"));
    assert!(report["warnings"].to_string().contains("was changed after the engine started"));

    // In a swarm its section has something to say.
    engine.run(&["swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377"]);
    let swarm = outcomes(&host.check(&engine, "0"));
    let of = |number: &str| swarm.iter().find(|(one, _)| one == number).unwrap().1.as_str();
    let section: Vec<&str> = (1..=9).map(|number| of(&format!("7.{number}"))).collect();
    assert_eq!(section, ["pass", "pass", "fail", "manual", "fail", "manual", "manual", "manual", "manual"]);
    assert_eq!((of("5.1"), of("2.15")), ("fail", "not_applicable"));
    engine.run(&["swarm", "leave", "--force"]);
}
