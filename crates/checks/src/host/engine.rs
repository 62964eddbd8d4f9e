//! The engine's answers (<https://docs.docker.com/reference/api/engine/>), turned into facts. Values of environment
//! variables, commands and labels stay behind.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts::{Container, Engine, Exec, Image, Mount, Network, Port, Seen, Swarm};
use super::history;

/// What the engine says of itself; what it runs is added by who asks.
pub fn engine(info: &Value, version: &Value) -> Engine {
    Engine {
        version: text(version, "/Version").or_else(|| text(info, "/ServerVersion")),
        root_dir: text(info, "/DockerRootDir"),
        storage_driver: text(info, "/Driver"),
        logging_driver: text(info, "/LoggingDriver"),
        security_options: texts(info, "/SecurityOptions"),
        live_restore: flag(info, "/LiveRestoreEnabled"),
        experimental: flag(info, "/ExperimentalBuild").or_else(|| flag(version, "/Experimental")),
        debug: flag(info, "/Debug"),
        insecure_registries: info.pointer("/RegistryConfig").map(insecure),
        authorization_plugins: info.pointer("/Plugins").map(|_| texts(info, "/Plugins/Authorization").unwrap_or_default()),
        swarm: text(info, "/Swarm/LocalNodeState").map(|state| Swarm {
            managers: number(info, "/Swarm/Managers").and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0),
            state,
            ..Swarm::default()
        }),
        ..Engine::default()
    }
}

/// What a manager adds about its swarm.
pub fn add_swarm(swarm: &mut Swarm, inspected: &Value, secrets: Option<&Value>) {
    swarm.auto_lock = flag(inspected, "/Spec/EncryptionConfig/AutoLockManagers");
    let nanoseconds = number(inspected, "/Spec/CAConfig/NodeCertExpiry");
    swarm.certificate_seconds = nanoseconds.and_then(|number| u64::try_from(number / 1_000_000_000).ok());
    swarm.secrets = secrets.and_then(Value::as_array).map(|list| list.len() as u64);
}

/// Registries that are spoken to without verified TLS, save those of this machine, to which no wire leads.
fn insecure(config: &Value) -> Vec<String> {
    let hosts = config.pointer("/IndexConfigs").and_then(Value::as_object).into_iter().flatten();
    let hosts = hosts.filter(|(_, host)| flag(host, "/Secure") == Some(false)).map(|(name, _)| name.clone());
    let networks = texts(config, "/InsecureRegistryCIDRs").unwrap_or_default();
    let mut all: Vec<String> = hosts.chain(networks).filter(|name| !is_this_machine(name)).collect();
    all.sort();
    all
}

/// Whether a registry or network is this machine's own.
pub(super) fn is_this_machine(name: &str) -> bool {
    name.starts_with("127.")
        || name.starts_with("::1")
        || name.starts_with("[::1]")
        || name.split(':').next() == Some("localhost")
}

/// One container; its processes and commands are added by who asks.
pub fn container(inspected: &Value) -> Container {
    let running = flag(inspected, "/State/Running") == Some(true);
    let ports = ["/NetworkSettings/Ports", "/HostConfig/PortBindings"];
    let ports = ports.iter().map(|path| bindings(inspected.pointer(path))).find(|ports| !ports.is_empty());
    let word = |path| text(inspected, path).unwrap_or_default();
    let words = |path| texts(inspected, path).unwrap_or_default();
    let amount = |path| number(inspected, path).unwrap_or_default();
    Container {
        name: word("/Name").trim_start_matches('/').to_owned(),
        state: word("/State/Status"),
        image: word("/Config/Image"),
        image_id: word("/Image"),
        user: word("/Config/User"),
        environment: names(&words("/Config/Env")),
        privileged: flag(inspected, "/HostConfig/Privileged") == Some(true),
        cap_add: words("/HostConfig/CapAdd"),
        cap_drop: words("/HostConfig/CapDrop"),
        security_options: words("/HostConfig/SecurityOpt"),
        apparmor_profile: word("/AppArmorProfile"),
        process_label: word("/ProcessLabel"),
        network_mode: word("/HostConfig/NetworkMode"),
        networks: keys(inspected.pointer("/NetworkSettings/Networks")),
        pid_mode: word("/HostConfig/PidMode"),
        ipc_mode: word("/HostConfig/IpcMode"),
        uts_mode: word("/HostConfig/UTSMode"),
        userns_mode: word("/HostConfig/UsernsMode"),
        cgroup_parent: word("/HostConfig/CgroupParent"),
        memory: amount("/HostConfig/Memory"),
        cpu_shares: amount("/HostConfig/CpuShares"),
        nano_cpus: amount("/HostConfig/NanoCpus"),
        cpu_quota: amount("/HostConfig/CpuQuota"),
        pids_limit: amount("/HostConfig/PidsLimit"),
        read_only: flag(inspected, "/HostConfig/ReadonlyRootfs") == Some(true),
        restart: word("/HostConfig/RestartPolicy/Name"),
        restart_retries: amount("/HostConfig/RestartPolicy/MaximumRetryCount"),
        ports: ports.unwrap_or_default(),
        devices: each(inspected, "/HostConfig/Devices", |device| text(device, "/PathOnHost")),
        ulimits: each(inspected, "/HostConfig/Ulimits", |limit| ulimit(&text(limit, "/Name")?, limit)),
        mounts: each(inspected, "/Mounts", |mount| Some(self::mount(mount))),
        healthcheck: has_healthcheck(inspected),
        processes: if running { Seen::default() } else { Seen::Known(Vec::new()) },
        execs: Vec::new(),
    }
}

/// The commands that were started in a container.
pub fn exec_ids(inspected: &Value) -> Vec<String> {
    texts(inspected, "/ExecIDs").unwrap_or_default()
}

/// A command that was started in a container; `None` where it has ended.
pub fn exec(inspected: &Value) -> Option<Exec> {
    (flag(inspected, "/Running") == Some(true)).then(|| Exec {
        privileged: flag(inspected, "/ProcessConfig/privileged") == Some(true),
        user: text(inspected, "/ProcessConfig/user").unwrap_or_default(),
    })
}

/// The names of a container's processes.
pub fn processes(top: &Value) -> Vec<String> {
    let column = texts(top, "/Titles").unwrap_or_default().iter().position(|title| title == "COMMAND" || title == "CMD");
    let mut names = each(top, "/Processes", |row| Some(row.get(column?)?.as_str()?.to_owned()));
    names.sort();
    names.dedup();
    names
}

/// One image, with its history where that was told.
pub fn image(inspected: &Value, history: Option<&Value>) -> Image {
    let steps = |history: &Value| {
        let steps = history.as_array().into_iter().flatten().rev();
        steps.map(|step| history::step(&text(step, "/CreatedBy").unwrap_or_default())).collect()
    };
    Image {
        id: text(inspected, "/Id").unwrap_or_default(),
        tags: texts(inspected, "/RepoTags").unwrap_or_default(),
        user: text(inspected, "/Config/User").unwrap_or_default(),
        healthcheck: has_healthcheck(inspected),
        environment: names(&texts(inspected, "/Config/Env").unwrap_or_default()),
        history: history.map(steps),
    }
}

/// All networks, in order of their names.
pub fn networks(list: &Value) -> Vec<Network> {
    let options = |network: &Value| {
        let options = network.pointer("/Options").and_then(Value::as_object).into_iter().flatten();
        options.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect::<BTreeMap<_, _>>()
    };
    let mut all = each(list, "", |network| {
        Some(Network { name: text(network, "/Name")?, driver: text(network, "/Driver")?, options: options(network) })
    });
    all.sort_by(|left, right| left.name.cmp(&right.name));
    all
}

/// `nofile=1024:4096`, as the engine's own flag has it.
pub(super) fn ulimit(name: &str, limit: &Value) -> Option<String> {
    Some(format!("{name}={}:{}", number(limit, "/Soft")?, number(limit, "/Hard")?))
}

fn mount(mount: &Value) -> Mount {
    Mount {
        kind: text(mount, "/Type").unwrap_or_default(),
        source: text(mount, "/Source").unwrap_or_default(),
        target: text(mount, "/Destination").unwrap_or_default(),
        writable: flag(mount, "/RW") == Some(true),
        propagation: text(mount, "/Propagation").unwrap_or_default(),
    }
}

/// `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}`.
fn bindings(map: Option<&Value>) -> Vec<Port> {
    let mut ports = Vec::new();
    for (inside, hosts) in map.and_then(Value::as_object).into_iter().flatten() {
        for host in hosts.as_array().into_iter().flatten() {
            ports.push(Port {
                address: text(host, "/HostIp").unwrap_or_default(),
                host: text(host, "/HostPort").and_then(|port| port.parse().ok()).unwrap_or_default(),
                inside: inside.clone(),
            });
        }
    }
    ports.sort();
    ports
}

/// `NONE` takes away the check that the image below brought.
fn has_healthcheck(inspected: &Value) -> bool {
    texts(inspected, "/Config/Healthcheck/Test").is_some_and(|test| test.first().is_some_and(|word| word != "NONE"))
}

/// The names of `NAME=value`.
fn names(variables: &[String]) -> Vec<String> {
    variables.iter().filter_map(|one| one.split('=').next()).map(str::to_owned).collect()
}

fn text(value: &Value, path: &str) -> Option<String> {
    value.pointer(path)?.as_str().map(str::to_owned)
}

fn flag(value: &Value, path: &str) -> Option<bool> {
    value.pointer(path)?.as_bool()
}

fn number(value: &Value, path: &str) -> Option<i64> {
    value.pointer(path)?.as_i64()
}

fn texts(value: &Value, path: &str) -> Option<Vec<String>> {
    let list = value.pointer(path)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn keys(map: Option<&Value>) -> Vec<String> {
    map.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

fn each<T>(value: &Value, path: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
}
