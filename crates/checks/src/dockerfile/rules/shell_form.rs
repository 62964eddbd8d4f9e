//! CMD or ENTRYPOINT is run by a shell.

use model::severity::Severity;
use parse_dockerfile::{CmdInstruction, Command, EntrypointInstruction, Instruction};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D024",
    aliases: &["DL3025"],
    severity: Severity::Low,
    title: "CMD or ENTRYPOINT is run by a shell",
    why: "The shell is process 1 then and passes no signals on, so stopping takes ten seconds and kills.",
    fix: r#"Write a list, as in `CMD ["nginx", "-g", "daemon off;"]`."#,
    link: "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    check,
    bad: "FROM debian:12\nCMD nginx -g x\n",
    good: r#"FROM debian:12
CMD ["nginx", "-g", "x"]
"#,
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let (Instruction::Cmd(CmdInstruction { arguments, .. })
        | Instruction::Entrypoint(EntrypointInstruction { arguments, .. })) = &step.instruction
        else {
            continue;
        };
        if matches!(arguments, Command::Shell(_)) {
            hits.push(Hit::at(step.line));
        }
    }
    hits
}
