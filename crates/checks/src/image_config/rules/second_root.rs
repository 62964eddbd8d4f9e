//! Another account is root.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I020",
    aliases: &["DKL-LI-0002"],
    severity: Severity::High,
    title: "Another account is root",
    why: "Its name hides that whoever runs as it has the number 0, and with it all rights.",
    fix: "Give it a number of its own.",
    link: "https://man7.org/linux/man-pages/man5/passwd.5.html",
    check,
    bad: r#"{"notable": [{"path": "/etc/passwd", "kind": "shared_user", "id": 0, "accounts": ["root", "toor"]}]}
"#,
    good: r#"{"notable": [{"path": "/etc/passwd", "kind": "shared_user", "id": 5, "accounts": ["a", "b"]}]}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| match &file.kind {
        Notable::SharedUser { id: 0, accounts } => {
            let others: Vec<&str> = accounts.iter().map(String::as_str).filter(|name| *name != "root").collect();
            Some(others.join(", "))
        }
        _ => None,
    })
}
