//! ONBUILD puts off FROM or MAINTAINER.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D052",
    aliases: &["DL3043"],
    severity: Severity::High,
    title: "ONBUILD puts off FROM or MAINTAINER",
    why: "Docker refuses the build of every image that is built on this one.",
    fix: "Take it out of ONBUILD.",
    link: "https://docs.docker.com/reference/dockerfile/#onbuild-limitations",
    check,
    bad: "FROM debian:12\nONBUILD MAINTAINER me\n",
    good: "FROM debian:12\nONBUILD COPY . /app/\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let forbidden = |instruction: &Instruction<'_>| matches!(instruction, Instruction::From(_) | Instruction::Maintainer(_));
    document.steps().filter(|step| step.onbuild && forbidden(&step.instruction)).map(|step| Hit::at(step.line)).collect()
}
