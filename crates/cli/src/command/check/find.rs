//! Which files are looked at: those that are named, and in folders those that may be something to check.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use checks::manifest;
use model::report::Report;

use super::kind::{self, Kind};
use super::{chart, lose};
use crate::gate;

/// How many files a folder may bring.
const MAX_FILES: usize = 100_000;
/// Bytes of standard input.
pub(super) const MAX_PIPED: u64 = 64 << 20;

/// A file to look at.
#[derive(Debug)]
pub(super) struct File {
    /// Where it lies; `-` is standard input.
    pub(super) path: PathBuf,
    /// Whether somebody named it, rather than a folder.
    pub(super) named: bool,
}

/// The files that are looked at, in order; what is passed over and should be known is said in the report.
pub(super) fn files(paths: &[PathBuf], report: &mut Report) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for path in paths {
        if path != Path::new("-") && path.is_dir() {
            let (before, said) = (files.len(), report.unread.len());
            below(path, &mut files, &mut BTreeSet::new(), report)?;
            ensure!(
                files.len() > before || report.unread.len() > said,
                "no Dockerfile, Compose file or manifest is in {}; name the file itself if it is called otherwise, or look for --only secret",
                path.display()
            );
        } else {
            files.push(File { path: path.clone(), named: true });
        }
    }
    Ok(files)
}

/// What standard input holds, where a path names it; it is read once for all that looks at it.
pub(super) fn standard_input(paths: &[PathBuf]) -> anyhow::Result<Option<Vec<u8>>> {
    if !paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MAX_PIPED + 1).read_to_end(&mut bytes).context("standard input could not be read")?;
    ensure!(bytes.len() as u64 <= MAX_PIPED, "standard input is larger than {} MB", MAX_PIPED >> 20);
    Ok(Some(bytes))
}

/// Files below a folder, in order of their paths; links are not followed, and folders of tools are passed over.
fn below(folder: &Path, files: &mut Vec<File>, patches: &mut BTreeSet<PathBuf>, report: &mut Report) -> anyhow::Result<()> {
    let unreadable = || format!("the folder {} could not be read", folder.display());
    let mut entries =
        std::fs::read_dir(folder).with_context(unreadable)?.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let is_chart = chart::is_chart(folder);
    if is_chart {
        lose(report, chart::advice(folder));
    }
    if let Some((file, advice)) = chart::kustomization(folder) {
        patches.extend(chart::patches(&file));
        report.warnings.push(advice);
    }
    for entry in entries {
        let kind = entry.file_type().with_context(unreadable)?;
        let (name, path) = (entry.file_name(), entry.path());
        let hidden = name.to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden && name != "node_modules" && !(is_chart && chart::is_template_folder(&name)) {
            below(&path, files, patches, report)?;
        } else if kind.is_file() && !patches.contains(&path) && is_wanted(&path) {
            ensure!(
                files.len() < MAX_FILES,
                "{} holds more than {MAX_FILES} files to check; check parts of it",
                folder.display()
            );
            files.push(File { path, named: false });
        }
    }
    Ok(())
}

/// Whether a file is by its name a Dockerfile, or by name and content perhaps a manifest.
fn is_wanted(path: &Path) -> bool {
    match kind::of_name(path) {
        Some(Kind::Dockerfile) => true,
        // One that cannot be read is told where it is looked at.
        Some(Kind::Manifest) => gate::bytes(path, checks::yaml::MAX_SIZE as u64).map_or(true, |bytes| manifest::may_be(&bytes)),
        None => false,
    }
}
