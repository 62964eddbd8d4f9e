//! gem installs a gem without its version.

use model::severity::Severity;

use super::packages::{GEM_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D044",
    aliases: &["DL3028"],
    severity: Severity::Low,
    title: "gem installs a gem without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `gem install bundler:2.5.22`, or name it in a Gemfile with its lock.",
    link: "https://guides.rubygems.org/command-reference/#gem-install",
    check,
    bad: "FROM ruby:3.3\nRUN gem install bundler\n",
    good: "FROM ruby:3.3\nRUN gem install bundler:2.5.22\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "gem") {
        // One version for all of them; `-v2` too.
        if command.arguments().iter().any(|word| word.starts_with("-v") || word.starts_with("--version")) {
            continue;
        }
        // What stands after `--` is for the build of extensions.
        let names = installed(command, &["install", "i"], GEM_VALUES);
        let unpinned = |name: &&str| !name.contains([':', '$', '/', '=']) && !name.ends_with(".gem");
        hits.extend(names.filter(unpinned).map(|name| Hit::about(command.line, name)));
    }
    hits
}
