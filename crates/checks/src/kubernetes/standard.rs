//! The Pod Security Standards (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>), as of Kubernetes 1.34:
//! each control is what some rules look for, so that a level and what is said against it cannot differ.

use super::Object;

/// How far a workload is confined, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It may do whatever it says.
    Privileged,
    /// It keeps to what is not known to lead out of a container.
    Baseline,
    /// It keeps to what is good practice.
    Restricted,
}

impl Level {
    /// The word in labels of namespaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// One control of the standards.
#[derive(Debug)]
pub struct Control {
    /// The level it is part of.
    pub level: Level,
    /// As the standards call it.
    pub name: &'static str,
    /// Ids of the rules that look for what it forbids.
    pub rules: &'static [&'static str],
}

const fn control(level: Level, name: &'static str, rules: &'static [&'static str]) -> Control {
    Control { level, name, rules }
}

/// All of them.
pub const CONTROLS: [Control; 18] = [
    control(Level::Baseline, "HostProcess", &["PLM-K032"]),
    control(Level::Baseline, "Host Namespaces", &["PLM-K003", "PLM-K004", "PLM-K005"]),
    control(Level::Baseline, "Privileged Containers", &["PLM-K001"]),
    control(Level::Baseline, "Capabilities", &["PLM-K007", "PLM-K008", "PLM-K009", "PLM-K010", "PLM-K011"]),
    control(Level::Baseline, "HostPath Volumes", &["PLM-K014", "PLM-K015", "PLM-K016", "PLM-K017"]),
    control(Level::Baseline, "Host Ports", &["PLM-K006"]),
    control(Level::Baseline, "Host Probes / Lifecycle Hooks", &["PLM-K031"]),
    control(Level::Baseline, "AppArmor", &["PLM-K027"]),
    control(Level::Baseline, "SELinux", &["PLM-K028"]),
    control(Level::Baseline, "/proc Mount Type", &["PLM-K029"]),
    control(Level::Baseline, "Seccomp", &["PLM-K026"]),
    control(Level::Baseline, "Sysctls", &["PLM-K030"]),
    control(Level::Restricted, "Volume Types", &["PLM-K018"]),
    control(Level::Restricted, "Privilege Escalation", &["PLM-K002"]),
    control(Level::Restricted, "Running as Non-root", &["PLM-K020"]),
    control(Level::Restricted, "Running as Non-root user", &["PLM-K021"]),
    control(Level::Restricted, "Seccomp", &["PLM-K025"]),
    control(Level::Restricted, "Capabilities", &["PLM-K012", "PLM-K013"]),
];

/// What the standards say of one workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSecurity {
    /// The line of its kind.
    pub line: usize,
    /// Which it is.
    pub workload: String,
    /// The level that it meets.
    pub level: Level,
    /// Controls that stand against the next level.
    pub against: Vec<&'static str>,
}

impl PodSecurity {
    /// By the rules that speak on an object.
    pub(super) fn of(object: &Object<'_>, broken: &[&str]) -> Self {
        let against = |level: Level| -> Vec<&'static str> {
            let controls = CONTROLS.iter().filter(|control| control.level == level);
            controls.filter(|control| control.rules.iter().any(|id| broken.contains(id))).map(|control| control.name).collect()
        };
        let (baseline, restricted) = (against(Level::Baseline), against(Level::Restricted));
        let (level, against) = match (baseline.is_empty(), restricted.is_empty()) {
            (false, _) => (Level::Privileged, baseline),
            (true, false) => (Level::Baseline, restricted),
            (true, true) => (Level::Restricted, Vec::new()),
        };
        Self { line: object.line, workload: object.title(), level, against }
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTROLS, Level, PodSecurity};
    use crate::kubernetes::rules::{ALL, by_id};
    use crate::manifest::check;

    #[test]
    fn every_rule_of_a_control_names_its_level() {
        for control in &CONTROLS {
            for id in control.rules {
                let alias = format!("PSS:{}", control.level.name());
                assert!(by_id(id).unwrap().aliases.contains(&alias.as_str()), "{id} {alias}");
            }
        }
        for rule in ALL.iter().filter(|rule| rule.aliases.iter().any(|alias| alias.starts_with("PSS:"))) {
            assert_eq!(CONTROLS.iter().filter(|control| control.rules.contains(&rule.id)).count(), 1, "{}", rule.id);
        }
    }

    /// A pod that meets every control of the restricted level, with more of its specification and of its containers.
    fn judged(spec: &str, container: &str, kind: &str) -> PodSecurity {
        let good = r#""allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}"#;
        // What a case says of a context goes before what is good.
        let (inside, beside) = match container.strip_prefix("+") {
            Some(context) => (format!("{good}, {context}"), String::new()),
            None if container.starts_with('=') => (container[1..].to_owned(), String::new()),
            None => (good.to_owned(), if container.is_empty() { String::new() } else { format!(", {container}") }),
        };
        let context = if spec.contains("\"securityContext\"") {
            String::new()
        } else {
            r#""securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "#.to_owned()
        };
        let spec = if spec.is_empty() { String::new() } else { format!("{spec}, ") };
        let plain = format!(r#"{{"name": "a", "image": "a:1", "securityContext": {{{good}}}}}"#);
        let asked = format!(r#"{{"name": "b", "image": "b:1", "securityContext": {{{inside}}}{beside}}}"#);
        let lists = match kind {
            "containers" => format!(r#""containers": [{plain}, {asked}]"#),
            other => format!(r#""containers": [{plain}], "{other}": [{asked}]"#),
        };
        let text =
            format!(r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "p"}}, "spec": {{{spec}{context}{lists}}}}}"#);
        let mut found = check(text.as_bytes());
        assert_eq!((found.pods.len(), found.problems.as_slice()), (1, [].as_slice()), "{text}");
        found.pods.remove(0)
    }

    fn expect(spec: &str, container: &str, against: Option<(Level, &str)>) {
        let kinds: &[&str] =
            if container.is_empty() { &["containers"] } else { &["containers", "initContainers", "ephemeralContainers"] };
        for kind in kinds {
            let found = judged(spec, container, kind);
            let expected = match against {
                None => (Level::Restricted, vec![]),
                Some((level, name)) => (level, vec![name]),
            };
            assert_eq!((found.level, found.against), expected, "{spec} {kind} {container}");
        }
    }

    #[test]
    fn baseline_controls() {
        let bad = |name| Some((Level::Privileged, name));
        expect("", "", None);
        // Host namespaces.
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            expect(&format!(r#""{key}": true"#), "", bad("Host Namespaces"));
            expect(&format!(r#""{key}": false"#), "", None);
        }
        // Privileged containers.
        expect("", r#"+"privileged": true"#, bad("Privileged Containers"));
        expect("", r#"+"privileged": false"#, None);
        // Capabilities.
        for name in ["SYS_ADMIN", "NET_RAW", "SYS_MODULE", "ALL", "NET_ADMIN", "CAP_CHOWN", "chown"] {
            expect(
                "",
                &format!(r#"="allowPrivilegeEscalation": false, "capabilities": {{"drop": ["ALL"], "add": ["{name}"]}}"#),
                bad("Capabilities"),
            );
        }
        // Host paths.
        for path in ["/", "/data", "/etc", "/var/run/docker.sock"] {
            expect(&format!(r#""volumes": [{{"name": "v", "hostPath": {{"path": "{path}"}}}}]"#), "", bad("HostPath Volumes"));
        }
        expect(r#""volumes": [{"name": "v", "hostPath": null, "emptyDir": {}}]"#, "", None);
        // Host ports.
        expect("", r#""ports": [{"containerPort": 1, "hostPort": 1}]"#, bad("Host Ports"));
        expect("", r#""ports": [{"containerPort": 1, "hostPort": 0}, {"containerPort": 2}]"#, None);
        // Probes and hooks.
        for ask in ["livenessProbe", "readinessProbe", "startupProbe"] {
            for way in ["httpGet", "tcpSocket"] {
                expect(
                    "",
                    &format!(r#""{ask}": {{"{way}": {{"port": 1, "host": "127.0.0.1"}}}}"#),
                    bad("Host Probes / Lifecycle Hooks"),
                );
                expect("", &format!(r#""{ask}": {{"{way}": {{"port": 1, "host": ""}}}}"#), None);
            }
        }
        for hook in ["postStart", "preStop"] {
            expect(
                "",
                &format!(r#""lifecycle": {{"{hook}": {{"httpGet": {{"host": "x"}}}}}}"#),
                bad("Host Probes / Lifecycle Hooks"),
            );
            expect("", &format!(r#""lifecycle": {{"{hook}": {{"exec": {{"command": ["x"]}}}}}}"#), None);
        }
        // HostProcess.
        expect("", r#"+"windowsOptions": {"hostProcess": true}"#, bad("HostProcess"));
        expect("", r#"+"windowsOptions": {"hostProcess": false}"#, None);
        // AppArmor, SELinux, seccomp.
        for (profile, fine) in [("Unconfined", false), ("Other", false), ("RuntimeDefault", true), ("Localhost", true)] {
            let against = |name| if fine { None } else { bad(name) };
            expect("", &format!(r#"+"appArmorProfile": {{"type": "{profile}"}}"#), against("AppArmor"));
            expect("", &format!(r#"+"seccompProfile": {{"type": "{profile}"}}"#), against("Seccomp"));
            let pod = |key: &str| {
                let more = if key == "seccompProfile" { "" } else { r#", "seccompProfile": {"type": "RuntimeDefault"}"# };
                format!(r#""securityContext": {{"runAsNonRoot": true, "{key}": {{"type": "{profile}"}}{more}}}"#)
            };
            expect(&pod("appArmorProfile"), "", against("AppArmor"));
            expect(&pod("seccompProfile"), "", against("Seccomp"));
        }
        for (options, fine) in [
            (r#""type": "spc_t""#, false),
            (r#""user": "u""#, false),
            (r#""role": "r""#, false),
            (r#""type": "", "user": "", "role": """#, true),
            (r#""type": "container_t""#, true),
            (r#""type": "container_init_t""#, true),
            (r#""type": "container_kvm_t""#, true),
            (r#""type": "container_engine_t", "level": "s0""#, true),
        ] {
            expect("", &format!(r#"+"seLinuxOptions": {{{options}}}"#), if fine { None } else { bad("SELinux") });
        }
        // /proc.
        expect("", r#"+"procMount": "Unmasked""#, bad("/proc Mount Type"));
        expect("", r#"+"procMount": "Default""#, None);
        // Sysctls.
        for (name, fine) in [
            ("kernel.shm_rmid_forced", true),
            ("net.ipv4.tcp_wmem", true),
            ("net.ipv4.ip_forward", false),
            ("kernel.msgmax", false),
        ] {
            let spec = format!(
                r#""securityContext": {{"runAsNonRoot": true, "seccompProfile": {{"type": "RuntimeDefault"}}, "sysctls": [{{"name": "{name}", "value": "1"}}]}}"#
            );
            expect(&spec, "", if fine { None } else { bad("Sysctls") });
        }
    }

    #[test]
    fn apparmor_of_annotations() {
        for (profile, fine) in [("unconfined", false), ("runtime/default", true), ("localhost/x", true), ("", true)] {
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/a: '{profile}'\nspec:\n  containers: [{{name: a, image: a:1}}]\n"
            );
            let level = check(text.as_bytes()).pods[0].level;
            assert_eq!(level, if fine { Level::Baseline } else { Level::Privileged }, "{profile}");
        }
    }

    #[test]
    fn restricted_controls() {
        let bad = |name| Some((Level::Baseline, name));
        // Volume types.
        for kind in ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"] {
            expect(&format!(r#""volumes": [{{"name": "v", "{kind}": {{}}}}]"#), "", None);
        }
        for kind in ["nfs", "iscsi", "gitRepo", "cephfs", "fc", "azureFile", "image", "glusterfs", "rbd", "awsElasticBlockStore"]
        {
            expect(&format!(r#""volumes": [{{"name": "v", "{kind}": {{}}}}]"#), "", bad("Volume Types"));
        }
        expect(r#""volumes": [{"name": "v"}]"#, "", bad("Volume Types"));
        // Privilege escalation.
        expect("", r#"="capabilities": {"drop": ["ALL"]}"#, bad("Privilege Escalation"));
        expect("", r#"="allowPrivilegeEscalation": true, "capabilities": {"drop": ["ALL"]}"#, bad("Privilege Escalation"));
        // Non-root.
        expect("", r#"+"runAsNonRoot": false"#, bad("Running as Non-root"));
        expect("", r#"+"runAsNonRoot": true"#, None);
        let seccomp = r#""seccompProfile": {"type": "RuntimeDefault"}"#;
        expect(&format!(r#""securityContext": {{{seccomp}}}"#), "", bad("Running as Non-root"));
        expect(&format!(r#""securityContext": {{"runAsNonRoot": false, {seccomp}}}"#), "", bad("Running as Non-root"));
        // Non-root user.
        expect("", r#"+"runAsUser": 0"#, bad("Running as Non-root user"));
        expect("", r#"+"runAsUser": 1000"#, None);
        expect(
            &format!(r#""securityContext": {{"runAsNonRoot": true, "runAsUser": 0, {seccomp}}}"#),
            "",
            bad("Running as Non-root user"),
        );
        // Seccomp.
        expect(r#""securityContext": {"runAsNonRoot": true}"#, "", bad("Seccomp"));
        // Capabilities.
        expect("", r#"="allowPrivilegeEscalation": false"#, bad("Capabilities"));
        for (drop, add, fine) in [
            ("NET_RAW", "", false),
            ("all", "", false),
            ("ALL", "", true),
            ("ALL", "\"NET_BIND_SERVICE\"", true),
            ("ALL", "\"CHOWN\"", false),
        ] {
            let context =
                format!(r#"="allowPrivilegeEscalation": false, "capabilities": {{"drop": ["{drop}"], "add": [{add}]}}"#);
            expect("", &context, if fine { None } else { bad("Capabilities") });
        }
        // Windows knows none of these, but users.
        let windows = r#""os": {"name": "windows"}, "securityContext": {"runAsNonRoot": true}"#;
        expect(windows, r#"="runAsUserName": "x""#, None);
        expect(r#""os": {"name": "windows"}, "securityContext": {}"#, "", bad("Running as Non-root"));
        // Root in a user namespace is nobody outside.
        expect(&format!(r#""hostUsers": false, "securityContext": {{"runAsUser": 0, {seccomp}}}"#), "", None);
    }

    #[test]
    fn comments_change_no_level() {
        let text = "# plimsoll ignore=PLM-K003\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers: []\n";
        let found = check(text.as_bytes());
        assert!(found.hits.iter().all(|(id, _)| *id != "PLM-K003"));
        assert_eq!((found.pods[0].level, found.pods[0].against.as_slice()), (Level::Privileged, ["Host Namespaces"].as_slice()));
    }
}
