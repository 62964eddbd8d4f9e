//! MAINTAINER is deprecated.

use model::severity::Severity;
use parse_dockerfile::{Instruction, MaintainerInstruction};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D032",
    aliases: &["DL4000", "DS-0022"],
    severity: Severity::Low,
    title: "MAINTAINER is deprecated",
    why: "Builders warn of it and will take it out.",
    fix: r#"Use a label, as in `LABEL org.opencontainers.image.authors="…"`."#,
    link: "https://docs.docker.com/reference/dockerfile/#maintainer-deprecated",
    check,
    bad: "FROM debian:12\nMAINTAINER a@example.com\n",
    good: r#"FROM debian:12
LABEL org.opencontainers.image.authors="a@example.com"
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        // ONBUILD may not put it off, which is a rule of its own.
        if let Instruction::Maintainer(maintainer) = &step.instruction
            && !step.onbuild
        {
            hits.push(Hit::at(step.line).mended_by(label(maintainer)));
        }
    }
    hits
}

/// The same as a label, where the name is of one piece and holds nothing that a label would take for something else.
fn label(maintainer: &MaintainerInstruction<'_>) -> Option<Edit> {
    let written = maintainer.name.value.as_ref();
    let name = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written);
    let plain = maintainer.name.span.len() == written.len() && !name.contains(['"', '\\', '$', '\n', '`']);
    let span = maintainer.maintainer.span.start..maintainer.name.span.end;
    plain.then(|| Edit { span, text: format!("LABEL org.opencontainers.image.authors=\"{name}\"") })
}
