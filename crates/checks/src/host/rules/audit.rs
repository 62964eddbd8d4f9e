//! 1.1.3 to 1.1.18: whether the system's audit watches the engine's files. One question over sixteen of them.

use model::severity::Severity;

use crate::host::facts::{File, Place};
use crate::host::{Facts, Rule, Told, Verdict};

macro_rules! watched {
    ($id:literal, $number:literal, $place:ident, $key:literal, $path:literal, $what:literal) => {
        Rule {
            id: $id,
            aliases: &[concat!("CIS-Docker-", $number)],
            severity: Severity::Low,
            title: concat!("The audit watches ", $what),
            why: "Whoever changes it rules the engine, and nothing else writes down who did.",
            fix: "Put `-w PATH -p wa -k docker` with the path that is shown into /etc/audit/rules.d/docker.rules, and run `augenrules --load`.",
            link: "https://man7.org/linux/man-pages/man8/auditctl.8.html",
            check: |facts| watched(facts, Place::$place),
            bad: concat!(r#"{"audit":{"known":[]},"files":{""#, $key, r#"":{"known":[{"path":""#, $path, r#""}]}}}"#),
            good: concat!(
                r#"{"audit":{"known":["-w "#,
                $path,
                r#" -p wa -k docker"]},"files":{""#,
                $key,
                r#"":{"known":[{"path":""#,
                $path,
                r#""}]}}}"#
            ),
        }
    };
}

pub(super) const RULES: &[Rule] = &[
    watched!("PLM-H003", "1.1.3", Dockerd, "dockerd", "/usr/bin/dockerd", "the program dockerd"),
    watched!("PLM-H004", "1.1.4", RunContainerd, "run_containerd", "/run/containerd", "/run/containerd"),
    watched!("PLM-H005", "1.1.5", DataRoot, "data_root", "/var/lib/docker", "the engine's data"),
    watched!("PLM-H006", "1.1.6", EtcDocker, "etc_docker", "/etc/docker", "/etc/docker"),
    watched!("PLM-H007", "1.1.7", DockerService, "docker_service", "/lib/systemd/system/docker.service", "docker.service"),
    watched!(
        "PLM-H008",
        "1.1.8",
        ContainerdSocket,
        "containerd_socket",
        "/run/containerd/containerd.sock",
        "containerd's socket"
    ),
    watched!("PLM-H009", "1.1.9", DockerSocketUnit, "docker_socket_unit", "/lib/systemd/system/docker.socket", "docker.socket"),
    watched!("PLM-H010", "1.1.10", DefaultDocker, "default_docker", "/etc/default/docker", "/etc/default/docker"),
    watched!("PLM-H011", "1.1.11", DaemonJson, "daemon_json", "/etc/docker/daemon.json", "daemon.json"),
    watched!(
        "PLM-H012",
        "1.1.12",
        ContainerdConfig,
        "containerd_config",
        "/etc/containerd/config.toml",
        "containerd's configuration"
    ),
    watched!("PLM-H013", "1.1.13", SysconfigDocker, "sysconfig_docker", "/etc/sysconfig/docker", "/etc/sysconfig/docker"),
    watched!("PLM-H014", "1.1.14", Containerd, "containerd", "/usr/bin/containerd", "the program containerd"),
    watched!("PLM-H015", "1.1.15", Shim, "shim", "/usr/bin/containerd-shim", "the program containerd-shim"),
    watched!(
        "PLM-H016",
        "1.1.16",
        ShimRuncV1,
        "shim_runc_v1",
        "/usr/bin/containerd-shim-runc-v1",
        "the program containerd-shim-runc-v1"
    ),
    watched!(
        "PLM-H017",
        "1.1.17",
        ShimRuncV2,
        "shim_runc_v2",
        "/usr/bin/containerd-shim-runc-v2",
        "the program containerd-shim-runc-v2"
    ),
    watched!("PLM-H018", "1.1.18", Runc, "runc", "/usr/bin/runc", "the program runc"),
];

fn watched(facts: &Facts, place: Place) -> Told {
    let files = facts.place(place)?;
    if files.is_empty() {
        return Ok(Verdict::not_applicable("it is not on this host"));
    }
    let rules = facts.audit.get().map_err(|why| format!("the audit's rules could not be read: {why}"))?;
    let blind: Vec<&str> = files.iter().filter(|file| !is_watched(rules, file)).map(|file| file.path.as_str()).collect();
    if blind.is_empty() {
        return Ok(Verdict::pass("a rule of the audit watches it").on(files.iter().map(|file| &file.path)));
    }
    let evidence = if rules.is_empty() { "the audit has no rules" } else { "no rule of the audit watches it" };
    Ok(Verdict::fail(evidence).on(blind))
}

/// Whether a rule is about the file, or about a folder above it.
fn is_watched(rules: &[String], file: &File) -> bool {
    let paths = [Some(file.path.as_str()), file.real_path.as_deref()];
    let is = |object: &str, below: bool| {
        let object = object.trim_end_matches('/');
        let inside =
            |path: &str| path.strip_prefix(object).is_some_and(|rest| rest.is_empty() || (below && rest.starts_with('/')));
        !object.is_empty() && paths.into_iter().flatten().any(inside)
    };
    rules.iter().any(|rule| {
        let words: Vec<&str> = rule.split_whitespace().collect();
        if words.iter().any(|word| word.contains("never")) {
            return false;
        }
        words.windows(2).any(|pair| match pair {
            ["-w", path] => is(path, true),
            ["-F", field] => match field.split_once('=') {
                Some(("path", path)) => is(path, false),
                Some(("dir", path)) => is(path, true),
                _ => false,
            },
            _ => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_watched;
    use crate::host::facts::File;

    #[test]
    fn of_a_file_or_a_folder_above_it() {
        let file = File {
            path: "/lib/docker.service".to_owned(),
            real_path: Some("/usr/lib/docker.service".to_owned()),
            ..File::default()
        };
        for (rule, watched) in [
            ("-w /lib/docker.service -p wa", true),
            ("-w /usr/lib/ -k x", true),
            ("-a always,exit -F dir=/usr/lib -F perm=wa", true),
            ("-a always,exit -F path=/usr/lib -F perm=wa", false),
            ("-a always,exit -F path=/usr/lib/docker.service", true),
            ("-a never,exit -F path=/usr/lib/docker.service", false),
            ("-w /lib/docker.service.d", false),
            ("-w /lib/docker", false),
            ("-w /", false),
            ("-D", false),
        ] {
            assert_eq!(is_watched(&[rule.to_owned()], &file), watched, "{rule}");
        }
    }
}
