//! The engine's files: which there are, whose they are, and who may do what with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use checks::host::Facts;
use checks::host::facts::{File, Place, Seen};
use checks::host::settings;
use image::client::ClientOptions;
use image::engine;
use serde_json::{Map, Value};

use super::process::Process;
use super::root::Root;
use super::system;

/// Bytes of a configuration file.
const MOST: u64 = 1 << 20;
/// What the kernel's whole seconds may be wrong by.
const PATIENCE: Duration = Duration::from_secs(2);
/// Certificates that are looked at.
const MOST_CERTIFICATES: usize = 1000;

const UNITS: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/lib/systemd/system",
    "/usr/lib/systemd/system",
];
const PROGRAMS: [&str; 4] = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

/// Where the engine looks for its files.
pub struct Layout<'h> {
    /// Its process, where that was found.
    pub process: Option<&'h Process>,
    /// Whether it runs in a user's home.
    pub rootless: bool,
    /// Where that user's folders are looked up.
    pub client: &'h ClientOptions,
    /// The host's files.
    pub root: &'h Root,
}

impl Layout<'_> {
    /// A path as the engine's process understands it.
    fn absolute(&self, path: String) -> Result<PathBuf, String> {
        if path.starts_with('/') {
            return Ok(path.into());
        }
        let folder = self.process.and_then(|process| process.folder.as_deref());
        folder.map(|folder| Path::new(folder).join(&path)).ok_or_else(|| format!("in which folder {path} is cannot be told"))
    }

    /// The file of the engine's settings: the one it is told, which has to be there, else the usual one.
    fn configuration_path(&self, facts: &Facts) -> Result<(PathBuf, bool), String> {
        if let Ok(Some(path)) = facts.word("config-file", None) {
            return Ok((self.absolute(path)?, true));
        }
        let environment = &self.client.environment;
        let own = environment.path("XDG_CONFIG_HOME").or_else(|| Some(environment.path("HOME")?.join(".config")));
        Ok(match own.filter(|_| self.rootless) {
            Some(folder) => (folder.join("docker/daemon.json"), false),
            None => (PathBuf::from("/etc/docker/daemon.json"), false),
        })
    }

    /// What the engine's configuration file says, as far as anybody here asks.
    pub fn configuration(&self, facts: &Facts) -> Result<Option<Map<String, Value>>, String> {
        let (path, told) = self.configuration_path(facts)?;
        match self.root.text(&path, MOST) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !told => Ok(None),
            Err(error) => Err(format!("{}: {error}", path.display())),
            Ok(_) if self.is_newer(&path) => Err(format!(
                "{} was changed after the engine started, which may not know what it says; restart it",
                path.display()
            )),
            Ok(text) => match serde_json::from_str::<Map<String, Value>>(&text) {
                Ok(file) => Ok(Some(settings::configuration(file))),
                Err(_) => Err(format!("{} is no object in JSON", path.display())),
            },
        }
    }

    /// Whether a file was changed after the engine's process started.
    fn is_newer(&self, path: &Path) -> bool {
        let started = self.process.and_then(|process| process.started).and_then(|started| started.checked_add(PATIENCE));
        let changed = self.root.resolve(path).and_then(|path| fs::metadata(self.root.here(&path))?.modified());
        started.is_some_and(|started| changed.is_ok_and(|changed| changed > started))
    }

    /// The file that a setting of TLS names. Where TLS is on and none is named, it is in the home of the engine's user.
    fn tls(&self, facts: &Facts, setting: &str) -> Result<Vec<PathBuf>, String> {
        if let Some(path) = facts.word(setting, None)? {
            return Ok(vec![self.absolute(path)?]);
        }
        let on = facts.switch("tls")? == Some(true) || facts.switch("tlsverify")? == Some(true);
        let name = match setting {
            "tlscacert" => "ca.pem",
            "tlscert" => "cert.pem",
            _ => "key.pem",
        };
        Ok(if on { vec![Path::new("/root/.docker").join(name)] } else { Vec::new() })
    }
}

/// All files.
pub fn all(facts: &Facts, layout: &Layout<'_>) -> BTreeMap<Place, Seen<Vec<File>>> {
    let root = layout.root;
    let groups = system::group_names(root);
    let look = |paths: Vec<PathBuf>, all: bool| look(&paths, all, &groups, root);
    let unit = |name: &str| look(UNITS.iter().map(|folder| Path::new(folder).join(name)).collect(), false);
    let program = |name: &str| look(PROGRAMS.iter().map(|folder| Path::new(folder).join(name)).collect(), true);
    let one = |path: &str| look(vec![PathBuf::from(path)], false);
    let said = facts.engine.get().ok();
    let socket = match engine::place(layout.client) {
        Ok(engine::Place::Socket(path)) => path,
        _ => PathBuf::from("/var/run/docker.sock"),
    };
    // Where the engine says it is; else where it is told to be.
    let told = |setting: &str, usual: &str| facts.word(setting, None).map(|path| path.unwrap_or_else(|| usual.to_owned()));
    let data = said.and_then(|engine| engine.root_dir.clone()).map_or_else(|| told("data-root", "/var/lib/docker"), Ok);
    let containerd = look(vec![PathBuf::from("/run/containerd/containerd.sock")], false).into_result();
    let own_containerd = told("exec-root", "/var/run/docker")
        .and_then(|run| look(vec![Path::new(&run).join("containerd/containerd.sock")], false).into_result());
    let containerd = match (containerd, own_containerd) {
        (Ok(shared), Ok(own)) => Ok([shared, own].concat()),
        (Ok(shared), Err(_)) if !shared.is_empty() => Ok(shared),
        (Err(why), _) | (_, Err(why)) => Err(why),
    };
    let dockerd = layout.process.and_then(|process| process.program.as_deref()).map_or_else(|| program("dockerd"), one);
    let mut files: BTreeMap<Place, Seen<Vec<File>>> = [
        (Place::DockerService, unit("docker.service")),
        (Place::DockerSocketUnit, unit("docker.socket")),
        (Place::EtcDocker, one("/etc/docker")),
        (Place::RegistryCertificates, certificates(root).and_then(|paths| look(paths, true).into_result()).into()),
        (Place::EngineSocket, look(vec![socket], false)),
        (Place::ContainerdSocket, containerd.into()),
        (Place::DaemonJson, layout.configuration_path(facts).and_then(|(path, _)| look(vec![path], false).into_result()).into()),
        (Place::DefaultDocker, one("/etc/default/docker")),
        (Place::SysconfigDocker, one("/etc/sysconfig/docker")),
        (Place::ContainerdConfig, one("/etc/containerd/config.toml")),
        (Place::DataRoot, data.and_then(|path| look(vec![layout.absolute(path)?], false).into_result()).into()),
        (Place::RunContainerd, one("/run/containerd")),
        (Place::Dockerd, dockerd),
        (Place::Containerd, program("containerd")),
        (Place::Shim, program("containerd-shim")),
        (Place::ShimRuncV1, program("containerd-shim-runc-v1")),
        (Place::ShimRuncV2, program("containerd-shim-runc-v2")),
        (Place::Runc, program("runc")),
    ]
    .into();
    for (place, setting) in [(Place::TlsCa, "tlscacert"), (Place::TlsCertificate, "tlscert"), (Place::TlsKey, "tlskey")] {
        files.insert(place, layout.tls(facts, setting).and_then(|paths| look(paths, false).into_result()).into());
    }
    files
}

/// The addresses at which systemd listens for the engine: those of `docker.socket` and of what is dropped in beside it.
pub fn listened(root: &Root) -> Result<Vec<String>, String> {
    let unit = UNITS.iter().map(|folder| Path::new(folder).join("docker.socket")).find(|path| root.resolve(path).is_ok());
    // Of two of one name the first folder's counts; all go in the order of their names.
    let mut dropped: BTreeMap<String, PathBuf> = BTreeMap::new();
    for folder in UNITS {
        let folder = Path::new(folder).join("docker.socket.d");
        match root.names(&folder) {
            Ok(names) => {
                for name in names.into_iter().filter(|name| name.ends_with(".conf")) {
                    dropped.entry(name.clone()).or_insert_with(|| folder.join(name));
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(format!("{}: {error}", folder.display())),
        }
    }
    let mut addresses = Vec::new();
    for path in unit.into_iter().chain(dropped.into_values()) {
        let text = root.text(&path, MOST).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("ListenStream")?.trim_start().strip_prefix('='));
        for address in lines.map(str::trim) {
            // Nothing takes back what came before.
            if address.is_empty() {
                addresses.clear();
            } else {
                addresses.push(address.to_owned());
            }
        }
    }
    Ok(addresses)
}

/// Nothing is known of any, for one reason.
pub fn unknown(why: &str) -> BTreeMap<Place, Seen<Vec<File>>> {
    Place::ALL.into_iter().map(|place| (place, Seen::Unknown(why.to_owned()))).collect()
}

/// The certificates of registries: `/etc/docker/certs.d/HOST/*.crt`.
fn certificates(root: &Root) -> Result<Vec<PathBuf>, String> {
    let base = Path::new("/etc/docker/certs.d");
    let names = |folder: &Path| match root.names(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        other => other.map_err(|error| format!("{}: {error}", folder.display())),
    };
    let mut paths = Vec::new();
    for host in names(base)? {
        let folder = base.join(host);
        paths.extend(names(&folder)?.iter().filter(|name| name.ends_with(".crt")).map(|name| folder.join(name)));
        if paths.len() > MOST_CERTIFICATES {
            return Err(format!("{} holds more than {MOST_CERTIFICATES} certificates", base.display()));
        }
    }
    Ok(paths)
}

/// Those of the paths that are there; the first one alone, or `all` that are not the same file.
fn look(paths: &[PathBuf], all: bool, groups: &BTreeMap<u32, String>, root: &Root) -> Seen<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    let mut known = BTreeSet::new();
    for path in paths {
        let looked = root.resolve(path).and_then(|real| Ok((fs::metadata(root.here(&real))?, real)));
        match looked {
            Ok((metadata, real)) => {
                if known.insert(real.clone()) {
                    files.push(File {
                        path: path.display().to_string(),
                        real_path: (real != *path).then(|| real.display().to_string()),
                        user: metadata.uid(),
                        group: metadata.gid(),
                        group_name: groups.get(&metadata.gid()).cloned(),
                        mode: format!("{:o}", metadata.permissions().mode() & 0o7777),
                    });
                }
                if !all {
                    break;
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Seen::Unknown(format!("{}: {error}", path.display())),
        }
    }
    Seen::Known(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_in_counts() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let root = Root::new(folder.path());
        assert_eq!(listened(&root), Ok(Vec::new()));
        write("lib/systemd/system/docker.socket", "[Socket]\n# ListenStream=9\nListenStream=/run/docker.sock\n");
        assert_eq!(listened(&root).unwrap(), ["/run/docker.sock"]);
        write("lib/systemd/system/docker.socket.d/b.conf", "ListenStream = 2375\n");
        write("etc/systemd/system/docker.socket.d/a.conf", "ListenStream=\nListenStream=0.0.0.0:2376\n");
        assert_eq!(listened(&root).unwrap(), ["0.0.0.0:2376", "2375"]);
        write("etc/systemd/system/docker.socket.d/b.conf", "");
        assert_eq!(listened(&root).unwrap(), ["0.0.0.0:2376"]);
    }
}
