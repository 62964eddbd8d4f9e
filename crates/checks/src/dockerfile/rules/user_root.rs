//! The last USER is root.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D002",
    aliases: &["DL3002", "DS-0002", "CIS-DI-0001"],
    severity: Severity::High,
    title: "The image runs as root",
    why: "What breaks out of a process that is root in the container is root in far more.",
    fix: "Make a user and end with it, as in `USER 10001`.",
    link: "https://docs.docker.com/build/building/best-practices/#user",
    check,
    bad: r#"FROM debian:12
USER root
CMD ["sh"]
"#,
    good: r#"FROM debian:12
USER 10001
CMD ["sh"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    // A stage goes on with the user of the stage it is built on.
    let lineage = document.lineage();
    let mut backwards = lineage.iter().flat_map(|stage| stage.steps.iter().rev()).filter(|step| !step.onbuild);
    let last = backwards.find_map(|step| match &step.instruction {
        Instruction::User(user) => Some((step.line, user.arguments.value.as_ref())),
        _ => None,
    });
    match last {
        Some((line, user)) if matches!(user.split(':').next(), Some("root" | "0")) => vec![Hit::at(line)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::dockerfile::check;

    #[test]
    fn the_user_comes_with_the_stage_below() {
        for (text, line) in [
            ("FROM debian:12 AS base\nUSER root\nFROM base\nCMD [\"sh\"]\n", Some(2)),
            ("FROM debian:12 AS base\nUSER root\nFROM base\nUSER 10001\n", None),
            ("FROM debian:12 AS tools\nUSER root\nFROM debian:12\nUSER 10001\n", None),
        ] {
            let found = check(text).unwrap();
            let hit = found.hits.iter().find(|(id, _)| *id == super::RULE.id).map(|(_, hit)| hit.line);
            assert_eq!(hit, line, "{text}");
        }
    }
}
