//! npm installs a package without its version.

use model::severity::Severity;

use super::packages::{NPM_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D043",
    aliases: &["DL3016"],
    severity: Severity::Low,
    title: "npm installs a package without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `npm install -g pnpm@9.12.0`, or name it in package.json and run `npm ci`.",
    link: "https://docs.npmjs.com/cli/commands/npm-install",
    check,
    bad: "FROM node:22\nRUN npm install -g pnpm\n",
    good: "FROM node:22\nRUN npm install -g pnpm@9.12.0\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "npm") {
        let names = installed(command, &["install", "i", "add"], NPM_VALUES);
        hits.extend(names.filter(|name| !is_pinned(name)).map(|name| Hit::about(command.line, name)));
    }
    hits
}

/// Whether a name comes with a version, or is a file or folder. What a variable holds may.
fn is_pinned(name: &str) -> bool {
    let repository = ["git://", "git+ssh://", "git+http://", "git+https://", "http://", "https://"];
    if repository.iter().any(|start| name.starts_with(start)) {
        return name.contains(['#', '$']) || is_archive(name);
    }
    let file = name.starts_with(['/', '.', '~']) || is_archive(name);
    // The first sign of `@scope/name` is no version's.
    let unscoped = name.strip_prefix('@').unwrap_or(name);
    file || unscoped.contains(['@', '$', '#']) || (!name.starts_with('@') && name.contains('/'))
}

fn is_archive(name: &str) -> bool {
    [".tgz", ".tar", ".tar.gz"].iter().any(|end| name.ends_with(end))
}
