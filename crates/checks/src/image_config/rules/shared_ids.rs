//! Accounts or groups share a number.

use model::notable::{Notable, NotableFile};
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I021",
    aliases: &["DKL-LI-0002"],
    severity: Severity::Low,
    title: "Accounts or groups share a number",
    why: "To the kernel they are one: each may do what the other may, and no log tells them apart.",
    fix: "Give each a number of its own.",
    link: "https://man7.org/linux/man-pages/man5/passwd.5.html",
    check,
    bad: r#"{"notable": [{"path": "/etc/group", "kind": "shared_group", "id": 50, "groups": ["app", "staff"]}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| match &file.kind {
        Notable::SharedUser { id: 1.., accounts } => Some(words(file, accounts)),
        Notable::SharedGroup { groups, .. } => Some(words(file, groups)),
        _ => None,
    })
}

fn words(file: &NotableFile, names: &[String]) -> String {
    format!("{} in {}", names.join(" and "), file.path)
}
