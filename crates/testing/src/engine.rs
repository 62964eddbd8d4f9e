//! A real Docker Engine, started for one test with folders and a socket of its own.
#![allow(clippy::missing_panics_doc, reason = "tests stop at what cannot be started")]
#![allow(clippy::unwrap_used, reason = "tests stop at what cannot be started")]

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{skip, tool};

/// A running engine; it ends with this value, and takes its containers and networks along.
#[derive(Debug)]
pub struct Engine {
    folder: TempDir,
    process: Child,
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Containers outlive an engine that restores live, and networks outlive every engine.
        for (list, remove) in
            [(&["ps", "-aq"][..], &["rm", "-f"][..]), (&["network", "ls", "-q", "-f", "type=custom"], &["network", "rm"])]
        {
            let listed = self.docker(list).output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
            for id in listed.unwrap_or_default().split_whitespace() {
                let _ = self.docker(remove).arg(id).output();
            }
        }
        // Asked politely, so that it ends its containerd, too.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let started = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) && started.elapsed() < Duration::from_secs(15) {
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        unmount_below(self.folder.path());
    }
}

/// Unmounts everything at and below a folder, so that removing it removes nothing else.
pub fn unmount_below(folder: &Path) {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let below = mounts.lines().filter_map(|line| line.split(' ').nth(1)).filter(|mount| Path::new(mount).starts_with(folder));
    for mount in below.collect::<Vec<_>>().into_iter().rev() {
        let _ = Command::new("umount").args(["-l", mount]).status();
    }
}

/// Whether this test may start an engine and mount.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

impl Engine {
    /// An engine with the usual settings; `None` where there can be none.
    pub fn start() -> Option<Self> {
        Self::start_with(|_| (json!({}), Vec::new()))
    }

    /// An engine whose folder is prepared first: what its configuration file says beside the usual, and further arguments.
    pub fn start_with(prepare: impl FnOnce(&Path) -> (Value, Vec<String>)) -> Option<Self> {
        if !is_root() {
            return skip("root, for a Docker Engine");
        }
        tool("/usr/sbin/dockerd", &["--version"])?;
        tool("docker", &["--version"])?;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (mut settings, arguments) = prepare(root);
        settings["deprecated-key-path"] = json!(root.join("key"));
        std::fs::write(root.join("daemon.json"), settings.to_string()).unwrap();
        let log = std::fs::File::create(root.join("log")).unwrap();
        let mut command = Command::new("/usr/sbin/dockerd");
        command.arg("--config-file").arg(root.join("daemon.json"));
        command.arg("--data-root").arg(root.join("data")).arg("--exec-root").arg(root.join("exec"));
        command.arg("--pidfile").arg(root.join("pid")).arg("--host").arg(format!("unix://{}", root.join("s").display()));
        command.args(["--storage-driver=vfs", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"]);
        // Where there is a bridge already, `none` would remove it.
        if !Path::new("/sys/class/net/docker0").exists() {
            command.arg("--bridge=none");
        }
        command.args(arguments);
        command.env_remove("DOCKER_HOST").stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut engine = Self { process: command.spawn().unwrap(), folder };
        let started = Instant::now();
        while !engine.docker(&["version"]).output().unwrap().status.success() {
            if engine.process.try_wait().unwrap().is_some() || started.elapsed() > Duration::from_secs(60) {
                let log = std::fs::read_to_string(engine.folder.path().join("log")).unwrap_or_default();
                return skip(&format!("a Docker Engine that starts ({})", log.lines().last().unwrap_or_default()));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Some(engine)
    }

    /// The folder that holds all it has.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    /// What `DOCKER_HOST` is for it.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Docker's own client, speaking to it.
    pub fn docker(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.args(arguments).env("DOCKER_HOST", self.host()).env("DOCKER_CONFIG", self.folder.path());
        command
    }

    /// Runs Docker's own client; it must succeed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.docker(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
