//! Section 3: whose the engine's files are, and who may write and read them. Two questions over twelve files.

use model::severity::Severity;

use crate::host::facts::{File, Place};
use crate::host::{Facts, Rule, Told, Verdict};

const WHY_OWNER: &str = "Its owner may change it, and whoever changes it rules the engine.";
const WHY_MODE: &str = "Whoever may write there rules the engine; keys and sockets are not even to be read.";
const LINK: &str = "https://docs.docker.com/engine/security/#docker-daemon-attack-surface";

macro_rules! owner {
    ($id:literal, $number:literal, $place:ident, $key:literal, $path:literal) => {
        Rule {
            id: $id,
            aliases: &[concat!("CIS-Docker-", $number)],
            severity: Severity::High,
            title: concat!($path, " is owned by root"),
            why: WHY_OWNER,
            fix: "Run `chown root:root PATH` with the path that is shown.",
            link: LINK,
            check: |facts| owned(facts, Place::$place, false),
            bad: concat!(r#"{"files":{""#, $key, r#"":{"known":[{"path":""#, $path, r#"","user":1000}]}}}"#),
            good: concat!(r#"{"files":{""#, $key, r#"":{"known":[{"path":""#, $path, r#""}]}}}"#),
        }
    };
}

macro_rules! mode {
    ($id:literal, $number:literal, $place:ident, $key:literal, $path:literal, $most:literal, $octal:literal) => {
        Rule {
            id: $id,
            aliases: &[concat!("CIS-Docker-", $number)],
            severity: Severity::High,
            title: concat!($path, " has the permissions ", $most, " or fewer"),
            why: WHY_MODE,
            fix: concat!("Run `chmod ", $most, " PATH` with the path that is shown."),
            link: LINK,
            check: |facts| permitted(facts, Place::$place, $octal),
            bad: concat!(r#"{"files":{""#, $key, r#"":{"known":[{"path":""#, $path, r#"","mode":"777"}]}}}"#),
            good: concat!(r#"{"files":{""#, $key, r#"":{"known":[{"path":""#, $path, r#"","mode":""#, $most, r#""}]}}}"#),
        }
    };
}

pub(super) const RULES: &[Rule] = &[
    owner!("PLM-H039", "3.1", DockerService, "docker_service", "docker.service"),
    mode!("PLM-H040", "3.2", DockerService, "docker_service", "docker.service", "644", 0o644),
    owner!("PLM-H041", "3.3", DockerSocketUnit, "docker_socket_unit", "docker.socket"),
    mode!("PLM-H042", "3.4", DockerSocketUnit, "docker_socket_unit", "docker.socket", "644", 0o644),
    owner!("PLM-H043", "3.5", EtcDocker, "etc_docker", "/etc/docker"),
    mode!("PLM-H044", "3.6", EtcDocker, "etc_docker", "/etc/docker", "755", 0o755),
    owner!("PLM-H045", "3.7", RegistryCertificates, "registry_certificates", "Every certificate of a registry"),
    mode!("PLM-H046", "3.8", RegistryCertificates, "registry_certificates", "Every certificate of a registry", "444", 0o444),
    owner!("PLM-H047", "3.9", TlsCa, "tls_ca", "The certificate of the clients' authority"),
    mode!("PLM-H048", "3.10", TlsCa, "tls_ca", "The certificate of the clients' authority", "444", 0o444),
    owner!("PLM-H049", "3.11", TlsCertificate, "tls_certificate", "The engine's certificate"),
    mode!("PLM-H050", "3.12", TlsCertificate, "tls_certificate", "The engine's certificate", "444", 0o444),
    owner!("PLM-H051", "3.13", TlsKey, "tls_key", "The engine's key"),
    mode!("PLM-H052", "3.14", TlsKey, "tls_key", "The engine's key", "400", 0o400),
    Rule {
        id: "PLM-H053",
        aliases: &["CIS-Docker-3.15"],
        severity: Severity::High,
        title: "The engine's socket is owned by root and the group docker",
        why: "Whoever may write to it is root on this host.",
        fix: "Run `chown root:docker PATH` with the path that is shown.",
        link: LINK,
        check: |facts| owned(facts, Place::EngineSocket, true),
        bad: r#"{"files":{"engine_socket":{"known":[{"path":"/var/run/docker.sock","group":100,"group_name":"users"}]}}}"#,
        good: r#"{"files":{"engine_socket":{"known":[{"path":"/var/run/docker.sock","group":107,"group_name":"docker"}]}}}"#,
    },
    mode!("PLM-H054", "3.16", EngineSocket, "engine_socket", "The engine's socket", "660", 0o660),
    owner!("PLM-H055", "3.17", DaemonJson, "daemon_json", "daemon.json"),
    mode!("PLM-H056", "3.18", DaemonJson, "daemon_json", "daemon.json", "644", 0o644),
    owner!("PLM-H057", "3.19", DefaultDocker, "default_docker", "/etc/default/docker"),
    mode!("PLM-H058", "3.20", DefaultDocker, "default_docker", "/etc/default/docker", "644", 0o644),
    mode!("PLM-H059", "3.21", SysconfigDocker, "sysconfig_docker", "/etc/sysconfig/docker", "644", 0o644),
    owner!("PLM-H060", "3.22", SysconfigDocker, "sysconfig_docker", "/etc/sysconfig/docker"),
    owner!("PLM-H061", "3.23", ContainerdSocket, "containerd_socket", "containerd's socket"),
    mode!("PLM-H062", "3.24", ContainerdSocket, "containerd_socket", "containerd's socket", "660", 0o660),
];

fn owned(facts: &Facts, place: Place, by_docker_too: bool) -> Told {
    let good = |file: &File| {
        let group = file.group == 0 || (by_docker_too && file.group_name.as_deref() == Some("docker"));
        file.user == 0 && group
    };
    each(facts, place, good, |file| {
        let group = file.group_name.clone().unwrap_or_else(|| file.group.to_string());
        format!("{} is owned by {}:{group}", file.path, if file.user == 0 { "root".to_owned() } else { file.user.to_string() })
    })
}

/// Bit by bit: of 577 and 644 neither is less than the other.
fn permitted(facts: &Facts, place: Place, most: u32) -> Told {
    let good = |file: &File| file.permissions().is_some_and(|mode| (mode & 0o777) | most == most);
    each(facts, place, good, |file| format!("{} has the permissions {}", file.path, file.mode))
}

fn each(facts: &Facts, place: Place, good: impl Fn(&File) -> bool, words: impl Fn(&File) -> String) -> Told {
    let files = facts.place(place)?;
    let Some(first) = files.first() else { return Ok(Verdict::not_applicable("it is not on this host")) };
    let bad: Vec<&File> = files.iter().filter(|file| !good(file)).collect();
    let paths = |files: &[&File]| files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    let evidence = |first: &File, files: usize| match files {
        1 => words(first),
        more => format!("{}, and {} more alike", words(first), more - 1),
    };
    Ok(match bad.first() {
        Some(worst) => Verdict::fail(evidence(worst, bad.len())).on(paths(&bad)),
        None => Verdict::pass(evidence(first, files.len())).on(files.iter().map(|file| &file.path)),
    })
}
