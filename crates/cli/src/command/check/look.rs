//! Checks one file; what cannot be read of it is said.

use std::path::Path;

use anyhow::Context;
use checks::yaml::Problem;
use checks::{dockerfile, manifest, misconfiguration};
use model::misconfiguration::Misconfiguration;
use model::pod_security::PodSecurity;
use model::report::Report;

use super::find::File;
use super::kind::{self, Kind};
use super::lose;
use crate::gate;

/// Bytes of a Dockerfile that are read, one more than it may have, so that one too large is told.
pub(super) const MAX_DOCKERFILE: u64 = (1 << 20) + 1;
/// Bytes of a manifest that are read, one more than it may have.
const MAX_MANIFEST: u64 = checks::yaml::MAX_SIZE as u64 + 1;
/// Characters of a line that are shown; longer ones are no lines that somebody wrote.
const MAX_LINE: usize = 200;

/// Looks at a file, or at what standard input held.
pub(super) fn look(
    file: &File,
    piped: Option<&[u8]>,
    found: &mut Vec<Misconfiguration>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let path = &file.path;
    // As an editor and a pull request name it.
    let name = path.strip_prefix("./").unwrap_or(path).display().to_string();
    let most = if kind::of_name(path) == Some(Kind::Dockerfile) { MAX_DOCKERFILE } else { MAX_MANIFEST };
    let bytes = match piped {
        Some(piped) if path == Path::new("-") => Ok(piped.iter().copied().take(most as usize).collect()),
        _ => gate::bytes(path, most),
    };
    let bytes = bytes.with_context(|| format!("{name} could not be read; check the path and its permissions"))?;
    match kind::of_name(path).unwrap_or_else(|| kind::of_content(&bytes)) {
        // Where no name says what was meant, it may have been anything.
        Kind::Dockerfile if kind::of_name(path).is_none() && !kind::begins_build(&bytes) => {
            lose(report, format!("{name} is no Dockerfile, no manifest of Kubernetes and no Compose file"));
        }
        Kind::Dockerfile => dockerfile(&name, &bytes, found, report),
        Kind::Manifest => {
            // A Compose file may hold nothing but what it includes.
            let compose = kind::is_compose(path);
            manifests(&name, &bytes, Meant { read: file.named || compose, manifest: file.named && !compose }, found, report);
        }
    }
    Ok(())
}

fn dockerfile(name: &str, bytes: &[u8], found: &mut Vec<Misconfiguration>, report: &mut Report) {
    let Ok(text) = std::str::from_utf8(bytes) else { return lose(report, format!("{name} is no text in UTF-8")) };
    let checked = match dockerfile::check(text) {
        Ok(checked) => checked,
        Err(error) => return lose(report, format!("{name} line {} is no Dockerfile: {}", error.line, error.message)),
    };
    for line in checked.unread {
        lose(report, format!("{name} line {line}: the shell commands could not be read, so no rule looked at them"));
    }
    let lines: Vec<&str> = text.lines().collect();
    for (id, hit) in checked.hits {
        let Some(rule) = dockerfile::rules::by_id(id) else { continue };
        // What may hold a secret is not repeated.
        let instruction = lines.get(hit.line - 1).filter(|_| !rule.aliases.contains(&"CIS-DI-0010"));
        found.push(rule.misconfiguration(hit, name, instruction.map(|line| line.trim().to_owned())));
    }
}

/// What is expected of a file.
#[derive(Clone, Copy)]
struct Meant {
    /// To be readable.
    read: bool,
    /// To hold a manifest.
    manifest: bool,
}

fn manifests(name: &str, bytes: &[u8], meant: Meant, found: &mut Vec<Misconfiguration>, report: &mut Report) {
    let checked = manifest::check(bytes);
    // In a folder, what is no manifest at all is somebody else's.
    let unreadable = if meant.read || checked.manifests > 0 { checked.unreadable } else { Vec::new() };
    let nothing = checked.manifests == 0 && unreadable.is_empty() && checked.problems.is_empty();
    if meant.manifest && nothing {
        lose(report, format!("{name} is neither a manifest of Kubernetes nor a Compose file"));
    }
    for problem in checked.problems.into_iter().chain(unreadable) {
        lose(report, told(name, &problem));
    }
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    for (id, hit) in checked.hits {
        // What may hold a secret is not repeated.
        let line = lines.get(hit.line.saturating_sub(1)).filter(|_| !checked.secret_lines.contains(&hit.line));
        let instruction = line.map(|line| line.trim().to_owned()).filter(|line| line.len() <= MAX_LINE);
        found.extend(misconfiguration(id, hit, name, instruction));
    }
    report.pod_security.extend(checked.pods.into_iter().map(|pod| PodSecurity {
        target: name.to_owned(),
        line: pod.line,
        workload: pod.workload,
        level: pod.level.name().to_owned(),
        against: pod.against.into_iter().map(str::to_owned).collect(),
    }));
}

fn told(name: &str, problem: &Problem) -> String {
    let advice = if problem.template { "; check what it makes: helm template … | plimsoll check -" } else { "" };
    format!("{name} line {} {}{advice}", problem.line, problem.message)
}
