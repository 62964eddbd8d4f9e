//! An account has no password.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I019",
    aliases: &["DKL-LI-0001"],
    severity: Severity::Critical,
    title: "An account has no password",
    why: "Whoever gets to a login, or to `su`, is in.",
    fix: "Lock it, as in `RUN passwd -l NAME`.",
    link: "https://man7.org/linux/man-pages/man5/shadow.5.html",
    check,
    bad: r#"{"notable": [{"path": "/etc/shadow", "kind": "no_password", "account": "root"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| match &file.kind {
        Notable::NoPassword { account } => Some(format!("{account} in {}", file.path)),
        _ => None,
    })
}
