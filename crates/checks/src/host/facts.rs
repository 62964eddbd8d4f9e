//! What was seen of a host: plain data, collected elsewhere, judged by the rules, and stored between the two where wanted.
//! Environment variables stand here by their names alone, commands not at all: both hold passwords.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A fact, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen<T> {
    /// It was seen.
    Known(T),
    /// It was not, and why: a sentence without its end.
    Unknown(String),
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self::Unknown("nobody looked".to_owned())
    }
}

impl<T> Seen<T> {
    /// The fact, or why there is none.
    pub fn get(&self) -> Result<&T, &str> {
        match self {
            Self::Known(fact) => Ok(fact),
            Self::Unknown(why) => Err(why),
        }
    }

    /// The fact itself, or why there is none.
    pub fn into_result(self) -> Result<T, String> {
        match self {
            Self::Known(fact) => Ok(fact),
            Self::Unknown(why) => Err(why),
        }
    }
}

impl<T> From<Result<T, String>> for Seen<T> {
    fn from(result: Result<T, String>) -> Self {
        match result {
            Ok(fact) => Self::Known(fact),
            Err(why) => Self::Unknown(why),
        }
    }
}

/// The schema of stored facts.
pub const SCHEMA: &str = "plimsoll.host-facts/v1";

/// Everything that the rules know of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// [`SCHEMA`]; empty in examples.
    pub schema: String,
    /// What the engine says.
    pub engine: Seen<Engine>,
    /// The arguments of the engine's process, its name first.
    pub arguments: Seen<Vec<String>>,
    /// The user that the engine's process runs as.
    pub daemon_user: Seen<u32>,
    /// The engine's configuration file as it is written; `None` where there is none.
    pub daemon_json: Seen<Option<Map<String, Value>>>,
    /// The addresses at which systemd listens for the engine, as `docker.socket` has them.
    pub socket_unit: Seen<Vec<String>>,
    /// Files and folders of the engine, and nothing where one is not there.
    pub files: BTreeMap<Place, Seen<Vec<File>>>,
    /// The rules that the system's audit is given.
    pub audit: Seen<Vec<String>>,
    /// Where file systems are mounted, and of which device each is.
    pub mounts: Seen<BTreeMap<String, String>>,
    /// Members of the group docker; `None` where there is no such group.
    pub docker_group: Seen<Option<Vec<String>>>,
    /// Whether `DOCKER_CONTENT_TRUST` is on for whoever asked, or for every login.
    pub content_trust: Seen<bool>,
    /// The addresses at which something listens for the swarm's managers (port 2377).
    pub swarm_listeners: Seen<Vec<String>>,
}

/// A file or folder, by its part and not by its path, which differs between hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The unit `docker.service`.
    DockerService,
    /// The unit `docker.socket`.
    DockerSocketUnit,
    /// `/etc/docker`.
    EtcDocker,
    /// Certificates below `/etc/docker/certs.d`.
    RegistryCertificates,
    /// The authority that the engine's clients are verified by.
    TlsCa,
    /// The engine's own certificate.
    TlsCertificate,
    /// The key of that certificate.
    TlsKey,
    /// The engine's socket.
    EngineSocket,
    /// containerd's socket.
    ContainerdSocket,
    /// The engine's configuration file.
    DaemonJson,
    /// `/etc/default/docker`.
    DefaultDocker,
    /// `/etc/sysconfig/docker`.
    SysconfigDocker,
    /// `/etc/containerd/config.toml`.
    ContainerdConfig,
    /// `/var/lib/docker`, or where the engine keeps its data instead.
    DataRoot,
    /// `/run/containerd`.
    RunContainerd,
    /// The program `dockerd`.
    Dockerd,
    /// The program `containerd`.
    Containerd,
    /// The program `containerd-shim`.
    Shim,
    /// The program `containerd-shim-runc-v1`.
    ShimRuncV1,
    /// The program `containerd-shim-runc-v2`.
    ShimRuncV2,
    /// The program `runc`.
    Runc,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::DockerService,
        Self::DockerSocketUnit,
        Self::EtcDocker,
        Self::RegistryCertificates,
        Self::TlsCa,
        Self::TlsCertificate,
        Self::TlsKey,
        Self::EngineSocket,
        Self::ContainerdSocket,
        Self::DaemonJson,
        Self::DefaultDocker,
        Self::SysconfigDocker,
        Self::ContainerdConfig,
        Self::DataRoot,
        Self::RunContainerd,
        Self::Dockerd,
        Self::Containerd,
        Self::Shim,
        Self::ShimRuncV1,
        Self::ShimRuncV2,
        Self::Runc,
    ];
}

/// A file or folder that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// Its path, as the host knows it.
    pub path: String,
    /// Where that leads through links, where it is another path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub real_path: Option<String>,
    /// Its owner's number.
    pub user: u32,
    /// Its group's number.
    pub group: u32,
    /// Its group's name, where the host has one for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// Its permissions in octal digits.
    pub mode: String,
}

impl File {
    /// Its permissions; `None` where they are no octal digits.
    pub fn permissions(&self) -> Option<u32> {
        u32::from_str_radix(&self.mode, 8).ok()
    }
}

/// What an engine says of itself and of what it runs. `None` is what it did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Engine {
    /// Its socket, where it has one on this machine.
    pub socket: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The folder that holds its data.
    pub root_dir: Option<String>,
    /// How layers are stored.
    pub storage_driver: Option<String>,
    /// Where the output of containers goes unless one says otherwise.
    pub logging_driver: Option<String>,
    /// `name=seccomp,profile=builtin`, `name=userns`, `name=rootless`, ….
    pub security_options: Option<Vec<String>>,
    /// Whether containers outlive it.
    pub live_restore: Option<bool>,
    /// Whether it offers what is not finished.
    pub experimental: Option<bool>,
    /// Whether it logs all that it does.
    pub debug: Option<bool>,
    /// Registries, and networks of registries, that it speaks to without verified TLS.
    pub insecure_registries: Option<Vec<String>>,
    /// Plugins that are asked before anything is done.
    pub authorization_plugins: Option<Vec<String>>,
    /// The swarm that it is part of.
    pub swarm: Option<Swarm>,
    /// Every container, stopped ones too.
    pub containers: Vec<Container>,
    /// Every image.
    pub images: Vec<Image>,
    /// Every network; `None` where they were not listed.
    pub networks: Option<Vec<Network>>,
    /// Containers that it would not tell about, and why.
    pub unread_containers: Vec<String>,
    /// Images that it would not tell about, and why.
    pub unread_images: Vec<String>,
}

impl Engine {
    /// Whether it has a security option of this name; `None` where it did not say which it has.
    pub fn has_option(&self, name: &str) -> Option<bool> {
        self.option(name).map(|option| option.is_some())
    }

    /// The security option of this name, whole.
    pub fn option(&self, name: &str) -> Option<Option<&str>> {
        let is = |option: &&String| option.split(',').any(|part| part.strip_prefix("name=") == Some(name));
        self.security_options.as_ref().map(|options| options.iter().find(is).map(String::as_str))
    }
}

/// The swarm that an engine is part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Swarm {
    /// `inactive`, `active`, `pending`, `locked`, `error`.
    pub state: String,
    /// How many managers it has; a manager alone knows.
    pub managers: Option<u64>,
    /// Whether managers start locked; a manager alone knows.
    pub auto_lock: Option<bool>,
    /// How many secrets it keeps; a manager alone knows.
    pub secrets: Option<u64>,
    /// For how many seconds the certificate of a node is valid; a manager alone knows.
    pub certificate_seconds: Option<u64>,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// `bridge`, `overlay`, ….
    pub driver: String,
    /// How it is set up.
    pub options: BTreeMap<String, String>,
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// Digest of its configuration.
    pub id: String,
    /// What it is called.
    pub tags: Vec<String>,
    /// As whom it runs; empty is root.
    pub user: String,
    /// Whether it says how its health is checked.
    pub healthcheck: bool,
    /// Names of the variables that it sets.
    pub environment: Vec<String>,
    /// The steps it was built in, the first one first; `None` where they were not told.
    pub history: Option<Vec<Built>>,
}

/// A step of a build, without what it ran: that may hold passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Built {
    /// `RUN`, `ADD`, …; what no builder wrote counts as `RUN`.
    pub instruction: String,
    /// Whether it brings package lists up to date and installs nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub update_alone: bool,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// `running`, `exited`, ….
    pub state: String,
    /// The image, as whoever started it called it.
    pub image: String,
    /// Digest of the image's configuration.
    pub image_id: String,
    /// As whom it runs; empty is root.
    pub user: String,
    /// Names of the variables that it is given.
    pub environment: Vec<String>,
    /// Whether it is let do everything.
    pub privileged: bool,
    /// Capabilities that it has beyond the usual.
    pub cap_add: Vec<String>,
    /// Capabilities that it has not.
    pub cap_drop: Vec<String>,
    /// `no-new-privileges`, `seccomp=…`, `apparmor=…`, `label=…`.
    pub security_options: Vec<String>,
    /// The AppArmor profile that holds it.
    pub apparmor_profile: String,
    /// The SELinux label of its processes.
    pub process_label: String,
    /// `host`, `bridge`, `default`, the name of a network, `container:…`.
    pub network_mode: String,
    /// The networks that it is on.
    pub networks: Vec<String>,
    /// Whose processes it sees.
    pub pid_mode: String,
    /// With whom it shares memory and semaphores.
    pub ipc_mode: String,
    /// Whose host name it has.
    pub uts_mode: String,
    /// `host` where its users are the host's.
    pub userns_mode: String,
    /// The control group that it is put under; empty is the engine's own.
    pub cgroup_parent: String,
    /// Bytes of memory it may take; 0 is all.
    pub memory: i64,
    /// Its weight among others for processors; 0 is the usual.
    pub cpu_shares: i64,
    /// Billionths of a processor it may take; 0 is all.
    pub nano_cpus: i64,
    /// Microseconds of processor time in each period; 0 is all.
    pub cpu_quota: i64,
    /// Processes it may have; 0 and less is any number.
    pub pids_limit: i64,
    /// Whether its root file system cannot be written.
    pub read_only: bool,
    /// Whether it is started again, and when.
    pub restart: String,
    /// How often, for `on-failure`; 0 is without end.
    pub restart_retries: i64,
    /// Ports of the host that lead into it.
    pub ports: Vec<Port>,
    /// Devices of the host that it is given.
    pub devices: Vec<String>,
    /// Limits of processes that it sets by itself.
    pub ulimits: Vec<String>,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
    /// Whether its health is checked.
    pub healthcheck: bool,
    /// Names of its processes; nothing where it does not run.
    pub processes: Seen<Vec<String>>,
    /// Commands that were started in it and still run.
    pub execs: Vec<Exec>,
}

impl Container {
    /// Its name, and its state where it does not run.
    pub fn label(&self) -> String {
        if self.state.is_empty() || self.is_running() { self.name.clone() } else { format!("{} ({})", self.name, self.state) }
    }

    /// Whether there are processes in it now.
    pub fn is_running(&self) -> bool {
        matches!(self.state.as_str(), "running" | "paused" | "restarting")
    }
}

/// A port of the host that leads into a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Port {
    /// The address of the host; empty is every one.
    pub address: String,
    /// The port of the host; 0 is one that the engine chooses.
    pub host: u16,
    /// The port inside, as in `80/tcp`.
    pub inside: String,
}

/// Something that is mounted into a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, ….
    pub kind: String,
    /// Where it is on the host.
    pub source: String,
    /// Where it is in the container.
    pub target: String,
    /// Whether it can be written.
    pub writable: bool,
    /// `rprivate`, `shared`, `rslave`, ….
    pub propagation: String,
}

/// A command that was started in a running container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exec {
    /// Whether it may do everything.
    pub privileged: bool,
    /// As whom it runs; empty is the container's user.
    pub user: String,
}
