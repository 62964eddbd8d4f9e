//! A stage has several CMD.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::Dockerfile;
use crate::rule::{Hit, Rule};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D015",
    aliases: &["DL4003", "DS-0016"],
    severity: Severity::Medium,
    title: "A stage has several CMD",
    why: "Only the last one counts; the others mislead.",
    fix: "Keep the last CMD of the stage.",
    link: "https://docs.docker.com/reference/dockerfile/#cmd",
    check,
    bad: r#"FROM debian:12
CMD ["a"]
CMD ["b"]
"#,
    good: r#"FROM debian:12
CMD ["b"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        let of_kind = stage.steps.iter().filter(|step| !step.onbuild && matches!(&step.instruction, Instruction::Cmd(_)));
        let lines: Vec<usize> = of_kind.map(|step| step.line).collect();
        // All but the last are without effect.
        hits.extend(lines.split_last().into_iter().flat_map(|(_, before)| before).map(|line| Hit::at(*line)));
    }
    hits
}
