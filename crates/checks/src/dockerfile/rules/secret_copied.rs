//! A file that holds secrets by custom is copied into the image.

use model::severity::Severity;
use parse_dockerfile::{Instruction, Source};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D074",
    aliases: &["DS-0031", "CIS-DI-0010"],
    severity: Severity::High,
    title: "A file that holds secrets by custom is copied into the image",
    why: "Whoever has the image has the file, though a later instruction removes it.",
    fix: "Mount it while it is needed, as in `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`, and name it in .dockerignore.",
    link: "https://docs.docker.com/build/building/secrets/",
    check,
    bad: "FROM debian:12\nCOPY id_rsa /root/.ssh/\n",
    good: "FROM debian:12\nRUN --mount=type=secret,id=key,target=/root/.ssh/id_rsa true\n",
};

const FILES: &[&str] = &[
    ".env",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".git-credentials",
    ".dockercfg",
    ".htpasswd",
    ".vault-token",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "kubeconfig",
    "service-account.json",
    "service_account.json",
    "credentials.json",
    "terraform.tfstate",
];
/// Files in folders, and folders whole.
const PATHS: &[&str] =
    &[".aws/credentials", ".docker/config.json", ".kube/config", ".ssh", ".aws", ".gnupg", ".kube", ".azure", ".config/gcloud"];
/// Names of environments, as in `.env.production`; others are of examples.
const ENVIRONMENTS: &[&str] = &["local", "prod", "production", "staging", "stage", "dev", "development"];

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    // What earlier stages hold is not in the image.
    for step in document.lineage().into_iter().flat_map(|stage| &stage.steps) {
        let (src, dest) = match &step.instruction {
            Instruction::Copy(copy) => (&copy.src, &copy.dest),
            Instruction::Add(add) => (&add.src, &add.dest),
            _ => continue,
        };
        let paths: Vec<&str> = src
            .iter()
            .filter_map(|source| match source {
                Source::Path(path) => Some(path.value.as_ref()),
                _ => None,
            })
            .collect();
        let secret = paths.iter().find(|path| is_secret(path));
        // One file may come under another name, but an example is none for that.
        let renamed = paths.len() == 1 && is_secret(&dest.value) && !paths[0].contains(['/', '*']) && !is_example(paths[0]);
        if let Some(path) = secret.copied().or(renamed.then_some(dest.value.as_ref())) {
            hits.push(Hit::about(step.line, path));
        }
    }
    hits
}

fn is_secret(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']).trim_end_matches('/');
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let of = |known: &&str| path.strip_suffix(*known).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    FILES.contains(&name)
        || name.strip_prefix(".env.").is_some_and(|environment| ENVIRONMENTS.contains(&environment))
        || PATHS.iter().any(of)
}

fn is_example(path: &str) -> bool {
    ["example", "sample", "template", "dist", "default", "docker", "ci", "test"].iter().any(|word| path.contains(word))
}
