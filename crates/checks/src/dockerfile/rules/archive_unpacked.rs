//! An archive is copied and then unpacked.

use model::severity::Severity;
use parse_dockerfile::{Instruction, Source};

use super::base::from;
use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D042",
    aliases: &["DL3010"],
    severity: Severity::Low,
    title: "An archive is copied and then unpacked",
    why: "The archive stays in its layer beside what was in it.",
    fix: "Write `ADD archive.tar.gz /folder/`: it unpacks and keeps no archive.",
    link: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    check,
    bad: "FROM debian:12\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /app\n",
    good: "FROM debian:12\nADD app.tar.gz /app/\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        let mut copied: Vec<(usize, String)> = Vec::new();
        for step in &stage.steps {
            if let Instruction::Copy(copy) = &step.instruction
                && from(step).is_none()
            {
                let dest = name(&copy.dest.value);
                let sources = copy.src.iter().filter_map(|source| match source {
                    Source::Path(path) => Some(name(&path.value)),
                    _ => None,
                });
                // A copy may be called otherwise.
                let names = if is_archive(dest) { vec![dest] } else { sources.filter(|name| is_archive(name)).collect() };
                copied.extend(names.into_iter().map(|name| (step.line, name.to_owned())));
            }
            for command in step.commands.iter().filter(|command| unpacks(command)) {
                copied.retain(|(line, archive)| {
                    let unpacked = command.operands().any(|operand| name(operand) == archive);
                    if unpacked {
                        hits.push(Hit::about(*line, archive));
                    }
                    !unpacked
                });
            }
        }
    }
    hits
}

fn name(path: &str) -> &str {
    let path = path.trim_matches(['"', '\'']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What ADD unpacks as well; it leaves files alone that are compressed and no archive.
fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = [".tar", ".tgz", ".tbz", ".tbz2", ".tb2", ".txz", ".tzst"];
    let packed = [".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"];
    ends.iter().chain(&packed).any(|end| name.ends_with(end))
}

fn unpacks(command: &ShellCommand) -> bool {
    let first = command.arguments().first().map_or("", String::as_str);
    // The dash before its letters may be left out.
    command.program() == "tar"
        && (command.has_flag(&["-x", "--extract", "--get"]) || (!first.starts_with('-') && first.contains('x')))
}
