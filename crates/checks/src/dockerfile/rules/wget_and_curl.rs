//! Both wget and curl fetch files.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D033",
    aliases: &["DL4001", "DS-0014"],
    severity: Severity::Low,
    title: "Both wget and curl fetch files",
    why: "One does, and two bring the weaknesses of both.",
    fix: "Use one of them.",
    link: "https://docs.docker.com/build/building/best-practices/#run",
    check,
    bad: "FROM debian:12\nRUN wget https://a.example.com\nRUN curl https://a.example.com\n",
    good: "FROM debian:12\nRUN curl https://a.example.com\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        let uses = |program: &str| {
            stage
                .steps
                .iter()
                .flat_map(|step| &step.commands)
                .filter(|command| command.program() == program)
                .map(|command| command.line)
                .min()
        };
        if let (Some(wget), Some(curl)) = (uses("wget"), uses("curl")) {
            hits.push(Hit::at(wget.max(curl)));
        }
    }
    hits
}
