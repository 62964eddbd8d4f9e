//! No HEALTHCHECK is set.

use model::severity::Severity;
use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D063",
    aliases: &["DL3057", "DS-0026", "CIS-DI-0006"],
    severity: Severity::Negligible,
    title: "No HEALTHCHECK is set",
    why: "Docker takes a container whose program hangs for a healthy one. Kubernetes has probes of its own.",
    fix: r#"Add one, as in `HEALTHCHECK CMD ["/app", "--health"]`."#,
    link: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check,
    bad: r#"FROM debian:12
CMD ["app"]
"#,
    good: r#"FROM debian:12
HEALTHCHECK CMD ["app", "--health"]
CMD ["app"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let lineage = document.lineage();
    let mut steps = lineage.iter().flat_map(|stage| &stage.steps);
    if steps.any(|step| matches!(&step.instruction, Instruction::Healthcheck(_))) {
        return Vec::new();
    }
    lineage.first().map(|last| Hit::at(last.line)).into_iter().collect()
}
