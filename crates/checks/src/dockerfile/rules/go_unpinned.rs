//! go installs a program without its version.

use model::severity::Severity;

use super::packages::{GO_VALUES, installed};
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D066",
    aliases: &["DL3062"],
    severity: Severity::Low,
    title: "go installs a program without its version",
    why: "The same Dockerfile gives another image tomorrow.",
    fix: "Pin it, as in `go install golang.org/x/tools/gopls@v0.16.2`.",
    link: "https://go.dev/ref/mod#go-install",
    check,
    bad: "FROM golang:1.23\nRUN go install golang.org/x/tools/gopls@latest\n",
    good: "FROM golang:1.23\nRUN go install golang.org/x/tools/gopls@v0.16.2\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| command.program() == "go") {
        let names = installed(command, &["install", "get"], GO_VALUES);
        // What follows the program is for it.
        let run = installed(command, &["run"], GO_VALUES).take(1);
        hits.extend(names.chain(run).filter(|name| is_unpinned(name)).map(|name| Hit::about(command.line, name)));
    }
    hits
}

/// Whether it comes from elsewhere (its path begins with a domain) and has no version, or the newest.
fn is_unpinned(name: &str) -> bool {
    let (path, version) = name.split_once('@').unwrap_or((name, "latest"));
    let domain = path.split('/').next().unwrap_or_default();
    let remote = path.contains('/') && domain.contains('.') && !domain.starts_with('.');
    remote && !name.contains('$') && version == "latest"
}
