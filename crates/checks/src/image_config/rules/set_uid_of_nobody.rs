//! Programs of no package run with the rights of another.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I004",
    aliases: &["CIS-DI-0008", "CIS-Docker-4.8"],
    severity: Severity::High,
    title: "Programs of no package run with the rights of another",
    why: "Nobody mends them with the distribution, and one weakness makes root of any user.",
    fix: "Take the bit away, as in `RUN chmod a-s /opt/tool`; give a capability where one right is enough.",
    link: "https://man7.org/linux/man-pages/man7/capabilities.7.html",
    check,
    bad: r#"{"notable": [{"path": "/opt/tool", "kind": "set_uid"}]}
"#,
    good: r#"{"notable": [{"path": "/usr/bin/su", "kind": "set_uid", "owner": "util-linux"}]}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| {
        let is_such = matches!(file.kind, Notable::SetUid | Notable::SetGid) && file.owner.is_none();
        is_such.then(|| file.path.clone())
    })
}
