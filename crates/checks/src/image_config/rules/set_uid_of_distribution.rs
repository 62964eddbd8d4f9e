//! Programs of the distribution run with the rights of another.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I003",
    aliases: &["CIS-DI-0008", "CIS-Docker-4.8"],
    severity: Severity::Low,
    title: "Programs of the distribution run with the rights of another",
    why: "A weakness in `su` or `mount` makes root of any user; containers seldom need them.",
    fix: "Take the bit away in the layer that brings them, as in `RUN chmod a-s /usr/bin/su`, and run with `--security-opt no-new-privileges`.",
    link: "https://docs.docker.com/reference/cli/docker/container/run/#security-opt",
    check,
    bad: r#"{"notable": [{"path": "/usr/bin/su", "kind": "set_uid", "owner": "util-linux"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| {
        let is_such = matches!(file.kind, Notable::SetUid | Notable::SetGid) && file.owner.is_some();
        is_such.then(|| file.path.clone())
    })
}
