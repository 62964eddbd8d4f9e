//! RUN uses apt, whose output and flags may change.

use model::severity::Severity;

use crate::dockerfile::{Dockerfile, Rule, ShellCommand};
use crate::rule::{Edit, Hit};

pub(super) const RULE: Rule = Rule {
    id: "PLM-D025",
    aliases: &["DL3027"],
    severity: Severity::Low,
    title: "RUN uses apt, whose output and flags may change",
    why: "It is made for people at a terminal and says itself that scripts should not rely on it.",
    fix: "Use `apt-get` or `apt-cache`.",
    link: "https://manpages.debian.org/apt",
    check,
    bad: "FROM debian:12\nRUN apt remove -y x\n",
    good: "FROM debian:12\nRUN apt-get remove -y x\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    document
        .commands()
        .filter(|command| command.program() == "apt")
        .map(|command| Hit::at(command.line).mended_by(renamed(command)))
        .collect()
}

/// What apt-get does under the same name.
const SHARED: &[&str] =
    &["update", "install", "reinstall", "upgrade", "remove", "purge", "autoremove", "autopurge", "clean", "autoclean"];

/// The same for apt-get; what is installed gets the flags that its own rules ask for.
fn renamed(command: &ShellCommand) -> Option<Edit> {
    let verb = command.operands().next().filter(|verb| SHARED.contains(verb))?;
    let first = command.words.iter().position(|word| word == "apt")?;
    let span = command.spans.get(first)?.clone();
    if verb != "install" {
        return Some(Edit { span, text: "apt-get".to_owned() });
    }
    // From the program to the verb, where one blank stands between the words.
    let last = command.words.iter().position(|word| word == "install").filter(|last| *last > first)?;
    let spans = command.spans.get(first..=last)?;
    let words = command.words.get(first + 1..=last)?;
    let plain = spans.windows(2).all(|pair| pair[0].end + 1 == pair[1].start)
        && spans.iter().skip(1).zip(words).all(|(span, word)| span.len() == word.len());
    let mut text = format!("apt-get {}", words.join(" "));
    if !command.has_flag(&["-y", "--yes", "--assume-yes", "-qq"]) {
        text.push_str(" -y");
    }
    if !command.arguments().iter().any(|word| word.contains("install-recommends")) {
        text.push_str(" --no-install-recommends");
    }
    plain.then(|| Edit { span: span.start..spans.last().map_or(span.end, |last| last.end), text })
}
