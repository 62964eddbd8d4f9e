//! Everybody may write a file or folder.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I007",
    aliases: &[],
    severity: Severity::Medium,
    title: "Everybody may write a file or folder",
    why: "Whoever runs as any user in the container changes what others run and read; in a folder without the sticky bit, others' files too.",
    fix: "Give it to the user that needs it, as in `COPY --chown=10001 --chmod=755 app /app`.",
    link: "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    check,
    bad: r#"{"notable": [{"path": "/opt/app", "kind": "writable_by_all"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files_of(&Notable::WritableByAll)
}
