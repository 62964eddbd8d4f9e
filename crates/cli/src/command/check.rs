//! `plimsoll check PATH…`: misconfigurations in what builds images, without an image.

mod fix;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use checks::dockerfile::{self, rules};
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::misconfiguration::Misconfiguration;
use model::report::{Decision, Outcome, Reason, Report};
use model::severity::Severity;
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::check::Check;
use crate::command::scan::{inventory_report, say_why};
use crate::exit::Exit;
use crate::output::Outputs;
use crate::{gate, printer};

/// Bytes of a file that are read: more than any Dockerfile may have, so that one too large is told.
const MAX_SIZE: u64 = (1 << 20) + 1;
/// How many files a folder may bring.
const MAX_FILES: usize = 100_000;

/// Runs the verb.
pub fn run(global: &Global, check: &Check) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&check.output, Format::Table)?;
    let mut files = Vec::new();
    for path in &check.paths {
        if path != Path::new("-") && path.is_dir() {
            let before = files.len();
            find(path, &mut files)?;
            ensure!(
                files.len() > before,
                "no Dockerfile is in {}; name the file itself if it is called otherwise",
                path.display()
            );
        } else {
            files.push(path.clone());
        }
    }
    let mended = if check.fix { fix::files(&files)? } else { None };
    let names: Vec<String> = check.paths.iter().map(|path| path.display().to_string()).collect();
    let image = ImageInfo { reference: names.join(", "), source: "source".to_owned(), ..ImageInfo::default() };
    let mut report = inventory_report(image, &Inventory::default())?;
    let mut found = Vec::new();
    for file in &files {
        look(file, mended.as_deref(), &mut found, &mut report)?;
    }
    report.misconfigurations = Some(found);
    report.warnings.sort();
    report.unread.sort();
    let exit = match check.fail_on {
        Some(level) => {
            let (decision, exit) = decide(level, &report);
            report.decision = Some(decision);
            exit
        }
        // A file that was named and cannot be read is no success.
        None if report.unread.is_empty() => Exit::Done,
        None => Exit::Undetermined,
    };
    for (format, file) in outputs.wanted() {
        // Standard output holds the mended text.
        if mended.is_some() && file.is_none() {
            continue;
        }
        let color = file.is_none() && printer::color(global.no_color);
        let options = RenderOptions { width: printer::width(), color, index: None };
        let bytes = report::misconfigurations::render(format, &report, &options)?;
        printer::result(&bytes, file.as_deref())?;
    }
    if report.decision.is_none()
        && let Some(first) = report.unread.first()
    {
        printer::error(first);
    }
    say_why(exit, std::slice::from_ref(&report), &outputs, global);
    Ok(exit)
}

/// Dockerfiles below a folder, in order of their paths; links are not followed, and folders of tools are passed over.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let unreadable = || format!("the folder {} could not be read", folder.display());
    let mut entries =
        std::fs::read_dir(folder).with_context(unreadable)?.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().with_context(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_dir() && !name.starts_with('.') && name != "node_modules" {
            find(&entry.path(), files)?;
        } else if kind.is_file() && is_dockerfile(&name) {
            ensure!(files.len() < MAX_FILES, "{} holds more than {MAX_FILES} Dockerfiles; check parts of it", folder.display());
            files.push(entry.path());
        }
    }
    Ok(())
}

/// `Dockerfile`, `Dockerfile.dev`, `dev.Dockerfile`, `Containerfile`, ….
fn is_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ignore = name.ends_with("ignore") || name.ends_with('~');
    let is = |word: &str| name == word || name.starts_with(&format!("{word}.")) || name.ends_with(&format!(".{word}"));
    !ignore && (is("dockerfile") || is("containerfile"))
}

/// Checks one file, or what standard input was mended to; what cannot be read of it is said.
fn look(path: &Path, mended: Option<&str>, found: &mut Vec<Misconfiguration>, report: &mut Report) -> anyhow::Result<()> {
    // As an editor and a pull request name it.
    let name = path.strip_prefix("./").unwrap_or(path).display().to_string();
    let bytes = if let Some(mended) = mended {
        Ok(mended.as_bytes().to_vec())
    } else if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_SIZE).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        gate::bytes(path, MAX_SIZE)
    };
    let bytes = bytes.with_context(|| format!("{name} could not be read; check the path and its permissions"))?;
    let mut lose = |what: String| {
        report.warnings.push(what.clone());
        report.unread.push(what);
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        lose(format!("{name} is no text in UTF-8"));
        return Ok(());
    };
    let checked = match dockerfile::check(text) {
        Ok(checked) => checked,
        Err(error) => {
            lose(format!("{name} line {} is no Dockerfile: {}", error.line, error.message));
            return Ok(());
        }
    };
    for line in checked.unread {
        lose(format!("{name} line {line}: the shell commands could not be read, so no rule looked at them"));
    }
    let lines: Vec<&str> = text.lines().collect();
    for (id, hit) in checked.hits {
        let Some(rule) = rules::by_id(id) else { continue };
        // What may hold a secret is not repeated.
        let instruction = lines.get(hit.line - 1).filter(|_| !rule.aliases.contains(&"CIS-DI-0010"));
        found.push(rule.misconfiguration(hit, &name, instruction.map(|line| line.trim().to_owned())));
    }
    Ok(())
}

fn decide(level: Severity, report: &Report) -> (Decision, Exit) {
    let rule = format!("fail-on misconfig:{level}");
    let worse = report.misconfigurations.iter().flatten().filter(|one| one.severity >= level);
    let mut reasons: Vec<Reason> = worse
        .map(|one| Reason {
            rule: rule.clone(),
            message: format!("{} line {}: {}", one.target, one.line.unwrap_or(1), one.title),
            subject: one.target.clone(),
            outcome: Outcome::Deny,
            link: Some(one.link.clone()),
        })
        .collect();
    let refused = !reasons.is_empty();
    reasons.extend(report.unread.iter().map(|part| Reason {
        rule: "undetermined".to_owned(),
        message: part.clone(),
        subject: "file".to_owned(),
        outcome: Outcome::Deny,
        link: None,
    }));
    let (outcome, exit) = match (refused, reasons.is_empty()) {
        (true, _) => (Outcome::Deny, Exit::Refused),
        (false, false) => (Outcome::Deny, Exit::Undetermined),
        (false, true) => (Outcome::Allow, Exit::Done),
    };
    (Decision { outcome, policy: rule, reasons, inputs: None }, exit)
}
