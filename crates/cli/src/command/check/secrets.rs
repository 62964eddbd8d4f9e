//! Secrets in files of every kind, each read once and several at a time.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use image::More;
use indexer::secret::places::of_files;
use indexer::secret::{SecretMatch, SecretRules, SecretStream};
use model::report::Report;
use rayon::iter::{IntoParallelIterator, ParallelIterator as _};

use super::find::MAX_PIPED;
use super::lose;

/// How many files the folders may bring.
const MAX_FILES: usize = 1_000_000;
/// Folders that other programs fill: what was committed once is for tools that know versions, and packages are somebody else's.
const PASSED_OVER: &[&str] = &[".git", ".hg", ".svn", "node_modules"];
/// Files up to this size are read in one piece, larger ones piece by piece.
const PIECE: usize = 1 << 20;

/// Looks for secrets in every file that is named or lies in a folder that is. Links in folders are not followed.
pub(super) fn look(paths: &[PathBuf], piped: Option<&[u8]>, rules: &SecretRules, report: &mut Report) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for path in paths {
        if path != Path::new("-") && path.is_dir() {
            below(path, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    let read: Vec<(String, io::Result<Vec<SecretMatch>>)> = files
        .into_par_iter()
        .map_init(
            || Reader { stream: SecretStream::new(rules), piece: Vec::new() },
            |reader, path| {
                let name = path.strip_prefix("./").unwrap_or(&path).display().to_string();
                let found = match piped {
                    Some(piped) if path == Path::new("-") => Ok(rules.search(&name, piped)),
                    _ => reader.read(&path, &name),
                };
                (name, found)
            },
        )
        .collect();
    let mut found = Vec::new();
    for (name, matches) in read {
        match matches {
            Ok(matches) => found.push((name, matches)),
            Err(error) => lose(report, format!("{name} could not be read: {error}")),
        }
    }
    report.secrets = Some(of_files(rules, found));
    Ok(())
}

/// All files below a folder, in order of their paths.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let unreadable = || format!("the folder {} could not be read", folder.display());
    let mut entries =
        std::fs::read_dir(folder).with_context(unreadable)?.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().with_context(unreadable)?;
        if kind.is_dir() && !PASSED_OVER.iter().any(|name| entry.file_name() == *name) {
            below(&entry.path(), files)?;
        } else if kind.is_file() {
            ensure!(files.len() < MAX_FILES, "{} holds more than {MAX_FILES} files; check parts of it", folder.display());
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Reads one file after the other with one buffer.
struct Reader<'r> {
    stream: SecretStream<'r>,
    piece: Vec<u8>,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path, name: &str) -> io::Result<Vec<SecretMatch>> {
        let mut file = File::open(path)?;
        let meta = file.metadata()?;
        // A pipe does not know how much comes.
        let size = if meta.is_file() { meta.len() } else { MAX_PIPED };
        if !self.stream.begin(name.as_bytes(), size) {
            return Ok(Vec::new());
        }
        let mut left = size;
        while left > 0 {
            self.piece.clear();
            let read = file.by_ref().take(left.min(PIECE as u64)).read_to_end(&mut self.piece);
            let read = read.inspect_err(|_| drop(self.stream.finish()))?;
            left -= read as u64;
            if read == 0 || self.stream.feed(&self.piece) == More::No {
                break;
            }
        }
        Ok(self.stream.finish().secrets)
    }
}
