//! The user of the image is named, not numbered.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D069",
    aliases: &["DL3066"],
    severity: Severity::Negligible,
    title: "The user of the image is named, not numbered",
    why: "Kubernetes cannot tell of a name that it is not root, and refuses the image under `runAsNonRoot`.",
    fix: "Write the number, as in `USER 10001`.",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    check,
    bad: "FROM debian:12\nUSER app\n",
    good: "FROM debian:12\nUSER 10001\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    // The user that the image ends with; root has a rule of its own.
    let lineage = document.lineage();
    let mut backwards = lineage.iter().flat_map(|stage| stage.steps.iter().rev()).filter(|step| !step.onbuild);
    let last = backwards.find_map(|step| match &step.instruction {
        Instruction::User(user) => Some((step.line, user.arguments.value.trim_matches(['"', '\'']))),
        _ => None,
    });
    let Some((line, user)) = last else { return Vec::new() };
    let name = user.split(':').next().unwrap_or_default();
    let numbered = name.bytes().all(|byte| byte.is_ascii_digit());
    if numbered || name == "root" || name.contains('$') { Vec::new() } else { vec![Hit::about(line, name)] }
}
