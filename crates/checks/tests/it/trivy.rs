//! Trivy speaks on manifests of Kubernetes where we speak, but for what is told here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use checks::kubernetes::rules::{ALL, by_id};
use checks::manifest::check;

/// Where we differ and mean to, with the reason.
const DIFFERENCES: &[(&str, Side, &str)] = &[
    ("KSV-0002", Side::Ours, "Trivy reads the annotation and not `appArmorProfile`, which replaced it"),
    ("KSV-0003", Side::Ours, "Trivy takes `drop: [all]`, which admission by the restricted level does not"),
    ("KSV-0004", Side::Ours, "Trivy has a rule each for dropping nothing and not dropping all; here one has both names"),
    (
        "KSV-0012",
        Side::Ours,
        "`runAsNonRoot: false` of the pod breaks the restricted level though every container says otherwise",
    ),
    ("KSV-0015", Side::Theirs, "a limit is the request where none is written"),
    ("KSV-0016", Side::Theirs, "a limit is the request where none is written"),
    ("KSV-0020", Side::Theirs, "where no user is written, the rule about root speaks alone"),
    ("KSV-0021", Side::Theirs, "where no group is written, nothing says that it is low"),
    ("KSV-0022", Side::Theirs, "NET_BIND_SERVICE is allowed at every level"),
    ("KSV-0027", Side::Theirs, "`procMount: Default` is the default"),
    ("KSV-0030", Side::Ours, "`Unconfined` of the pod breaks the baseline level though every container says otherwise"),
    ("KSV-0036", Side::Ours, "Trivy asks only for pods that mount the token by a volume of their own"),
    ("KSV-0041", Side::Ours, "one rule here is about roles of namespaces (KSV-0113) and of the cluster (KSV-0041)"),
    ("KSV-0041", Side::Theirs, "secrets named by `resourceNames` are not all secrets"),
    ("KSV-0043", Side::Ours, "Trivy asks for `*` in apiGroups; users and groups are of the core group"),
    ("KSV-0046", Side::Ours, "one rule here is about roles of namespaces (KSV-0112) and of the cluster (KSV-0046)"),
    ("KSV-0050", Side::Ours, "Trivy looks for writing of roles where the group is `*`"),
    ("KSV-0051", Side::Ours, "Trivy wants the rule that binds beside it"),
    ("KSV-0052", Side::Ours, "Trivy wants the rule that binds beside it"),
    ("KSV-0054", Side::Ours, "running commands (KSV-0053) and attaching are one rule here"),
    ("KSV-01010", Side::Ours, "passwords (KSV-0109) and other secrets in a ConfigMap are one rule here"),
    ("KSV-01011", Side::Ours, "Trivy says nothing of `system:authenticated`"),
    ("KSV-0104", Side::Ours, "`Unconfined` of the pod breaks the baseline level though every container says otherwise"),
    ("KSV-0106", Side::Ours, "Trivy takes `drop: [all]`, which admission by the restricted level does not"),
    ("KSV-0107", Side::Ours, "Trivy does not know extensions/v1beta1"),
    ("KSV-0110", Side::Theirs, "where no namespace is written, whoever applies the manifest decides"),
    ("KSV-0112", Side::Ours, "one rule here is about roles of namespaces (KSV-0112) and of the cluster (KSV-0046)"),
    ("KSV-0113", Side::Ours, "one rule here is about roles of namespaces (KSV-0113) and of the cluster (KSV-0041)"),
    ("KSV-0113", Side::Theirs, "secrets named by `resourceNames` are not all secrets"),
    ("KSV-0114", Side::Theirs, "webhooks named by `resourceNames` are not all webhooks"),
    ("KSV-0121", Side::Ours, "Trivy knows `/etc` and not what lies below"),
    ("KSV-0122", Side::Ours, "Trivy looks at RoleBindings and not at ClusterRoleBindings, which give more"),
    ("KSV-0123", Side::Ours, "Trivy looks at RoleBindings and not at ClusterRoleBindings, which give more"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Only we speak.
    Ours,
    /// Only Trivy speaks.
    Theirs,
}

/// A pod as other workloads make it.
fn made_by(pod: &str, kind: &str) -> String {
    let body = pod.split_once("metadata:\n").map_or(pod, |(_, body)| body);
    let indented = |by: usize| body.lines().fold(String::new(), |all, line| all + &" ".repeat(by) + line + "\n");
    let head = |api: &str| format!("apiVersion: {api}\nkind: {kind}\nmetadata:\n  name: web\n  namespace: shop\nspec:\n");
    match kind {
        "CronJob" => {
            let inside = indented(10);
            format!(
                "{}  schedule: '@daily'\n  jobTemplate:\n    spec:\n      template:\n        metadata:\n{inside}",
                head("batch/v1")
            )
        }
        "Job" => format!("{}  template:\n    metadata:\n{}", head("batch/v1"), indented(6)),
        "ReplicationController" => format!("{}  selector: {{app: web}}\n  template:\n    metadata:\n{}", head("v1"), indented(6)),
        _ => format!("{}  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata:\n{}", head("apps/v1"), indented(6)),
    }
}

/// Contexts of pods and containers in every combination of a few.
fn contexts() -> Vec<String> {
    let pods = [
        "",
        "runAsNonRoot: true",
        "runAsNonRoot: false",
        "runAsUser: 0",
        "runAsUser: 20000, runAsGroup: 20000",
        "seccompProfile: {type: RuntimeDefault}",
        "seccompProfile: {type: Unconfined}",
    ];
    let containers = [
        "",
        "runAsNonRoot: true, runAsUser: 20000",
        "runAsUser: 0",
        "privileged: true, capabilities: {drop: [ALL], add: [NET_ADMIN]}",
        "allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [all]}",
        "seccompProfile: {type: Localhost, localhostProfile: a}, capabilities: {add: [CHOWN, NET_BIND_SERVICE]}",
    ];
    let mut texts = Vec::new();
    for pod in pods {
        for container in containers {
            texts.push(format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  securityContext: {{{pod}}}\n  containers:\n    - name: app\n      image: app:1.2\n      securityContext: {{{container}}}\n"
            ));
        }
    }
    texts
}

fn manifests() -> Vec<String> {
    let examples: Vec<&str> = ALL.iter().flat_map(|rule| [rule.bad, rule.good]).collect();
    let mut texts: Vec<String> = examples.iter().map(|text| (*text).to_owned()).collect();
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"];
    let pods = examples.iter().filter(|text| text.starts_with("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec"));
    texts.extend(pods.enumerate().map(|(number, pod)| made_by(pod, kinds[number % kinds.len()])));
    texts.extend(contexts());
    let roles = examples.iter().filter(|text| text.starts_with("apiVersion: rbac"));
    texts.extend(roles.map(|text| text.replacen("kind: ClusterRole", "kind: Role", 1)));
    texts
}

/// What Trivy calls the rules that speak on a text.
fn ours(text: &str) -> BTreeSet<String> {
    let found = check(text.as_bytes());
    let rules = found.hits.iter().filter_map(|(id, _)| by_id(id));
    rules.flat_map(|rule| rule.aliases).filter(|alias| alias.starts_with("KSV-")).map(|alias| (*alias).to_owned()).collect()
}

#[test]
fn trivy_says_the_same() {
    let Some(mut command) = testing::peer("trivy") else { return };
    let texts = manifests();
    assert!(texts.len() >= 100);
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number:03}.yaml")), text).unwrap();
    }
    let quiet = ["--quiet", "--skip-check-update", "--skip-version-check", "--disable-telemetry", "--cache-backend", "memory"];
    let output = command.args(["config", "--format", "json"]).args(quiet).arg(folder.path()).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut theirs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for result in report["Results"].as_array().unwrap() {
        let said = theirs.entry(result["Target"].as_str().unwrap().to_owned()).or_default();
        let rows = result["Misconfigurations"].as_array().into_iter().flatten();
        said.extend(rows.filter_map(|row| Some(row["ID"].as_str()?.to_owned())));
    }
    let known: BTreeSet<&str> =
        ALL.iter().flat_map(|rule| rule.aliases).copied().filter(|alias| alias.starts_with("KSV-")).collect();
    let (mut differences, mut same) = (BTreeMap::<(String, Side), Vec<usize>>::new(), 0);
    for (number, text) in texts.iter().enumerate() {
        let ours = ours(text);
        let theirs = theirs.get(&format!("{number:03}.yaml")).cloned().unwrap_or_default();
        for id in known.iter().map(|id| (*id).to_owned()) {
            match (ours.contains(&id), theirs.contains(&id)) {
                (true, false) => differences.entry((id, Side::Ours)).or_default().push(number),
                (false, true) => differences.entry((id, Side::Theirs)).or_default().push(number),
                _ => same += 1,
            }
        }
    }
    let mut told = String::new();
    for ((id, side), numbers) in &differences {
        if !DIFFERENCES.iter().any(|(known, of, _)| known == id && of == side) {
            let _ = writeln!(told, "{id} {side:?} {} as in\n{}", numbers.len(), texts[numbers[0]]);
        }
    }
    assert!(told.is_empty(), "{same} the same\n{told}");
    for (id, side, _) in DIFFERENCES {
        assert!(differences.contains_key(&((*id).to_owned(), *side)), "{id} {side:?} is a difference no more");
    }
}
