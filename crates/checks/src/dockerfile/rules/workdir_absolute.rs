//! WORKDIR is relative.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D001",
    aliases: &["DL3000", "DS-0009"],
    severity: Severity::Medium,
    title: "WORKDIR is relative",
    why: "Where a relative folder lies depends on every WORKDIR before it, those of the base image included.",
    fix: "Write the whole path, as in `WORKDIR /app`.",
    link: "https://docs.docker.com/reference/dockerfile/#workdir",
    check,
    bad: "FROM debian:12\nWORKDIR app\n",
    good: "FROM debian:12\nWORKDIR /app\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        // Where the stage stands, once it has said so itself.
        let mut at: Option<String> = None;
        for step in &stage.steps {
            let Instruction::Workdir(workdir) = &step.instruction else { continue };
            let written = workdir.arguments.value.as_ref();
            let path = written.trim_matches(['"', '\'']);
            let windows = path.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
            if path.starts_with(['/', '$']) || windows {
                at = (path.starts_with('/') && !path.contains('$')).then(|| path.trim_end_matches('/').to_owned());
                continue;
            }
            let plain = path == written && !path.contains(['$', '\\']) && path.split('/').all(|part| !matches!(part, "." | ".."));
            at = at.filter(|_| plain && !step.onbuild).map(|folder| format!("{folder}/{path}"));
            let edit = at.as_ref().map(|whole| Edit { span: workdir.arguments.span.clone(), text: whole.clone() });
            hits.push(Hit::about(step.line, path).mended_by(edit));
        }
    }
    hits
}
