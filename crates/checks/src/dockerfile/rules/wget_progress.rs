//! wget fills the log of the build with its progress.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D055",
    aliases: &["DL3047"],
    severity: Severity::Negligible,
    title: "wget fills the log of the build with its progress",
    why: "Every dot of it is a line that hides what matters.",
    fix: "Add `--progress=dot:giga`, or `-nv`.",
    link: "https://www.gnu.org/software/wget/manual/wget.html#Download-Options",
    check,
    bad: "FROM debian:12\nRUN wget https://a.example.com/a.tar.gz\n",
    good: "FROM debian:12\nRUN wget --progress=dot:giga https://a.example.com/a.tar.gz\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let quiet = |command: &ShellCommand| {
        let flags = ["--progress", "-q", "--quiet", "-o", "--output-file", "-a", "--append-output", "--no-verbose"];
        command.has_flag(&flags) || command.arguments().iter().any(|word| word.starts_with("-nv"))
    };
    let fetches = |command: &ShellCommand| command.operands().next().is_some() || command.has_flag(&["-i", "--input-file"]);
    let loud = document.commands().filter(|command| command.program() == "wget" && fetches(command) && !quiet(command));
    loud.map(|command| Hit::at(command.line)).collect()
}
