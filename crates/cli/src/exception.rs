//! `.plimsoll.yaml` and `--ignore-file`: who decided to live with which findings. Files of other scanners are read as they
//! are, told apart by name and content, so that moving here needs no rewriting.

mod grype;
mod osv;
mod plimsoll;
mod trivy;
mod yaml;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use jiff::civil::Date;
use matcher::exception::Exceptions;
use model::exception::Exception;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Read without being asked for.
const USUAL: &str = ".plimsoll.yaml";
/// Bytes of a file of exceptions.
const MAX_SIZE: u64 = 4 << 20;
/// Exceptions of all files; each is held against every finding.
const MAX_EXCEPTIONS: usize = 20_000;

/// What the files say.
#[derive(Default)]
pub struct Decisions {
    /// The exceptions.
    pub exceptions: Exceptions,
    /// Rules that could not be carried over, in plain words.
    pub warnings: Vec<String>,
}

/// The keys by which YAML files are told apart.
#[derive(Deserialize)]
struct Keys {
    exceptions: Option<IgnoredAny>,
    ignore: Option<IgnoredAny>,
    vulnerabilities: Option<IgnoredAny>,
    misconfigurations: Option<IgnoredAny>,
    secrets: Option<IgnoredAny>,
    licenses: Option<IgnoredAny>,
}

/// What one file says.
#[derive(Default)]
struct Entries {
    exceptions: Vec<Exception>,
    warnings: Vec<String>,
}

/// Reads the files, or, where none is named, the usual one if it is there.
pub fn read(files: &[PathBuf]) -> anyhow::Result<Decisions> {
    let usual = [PathBuf::from(USUAL)];
    let files = if files.is_empty() && usual[0].exists() { &usual } else { files };
    let mut all = Entries::default();
    for path in files {
        let entries = read_file(path)?;
        all.exceptions.extend(entries.exceptions);
        all.warnings.extend(entries.warnings);
        ensure!(
            all.exceptions.len() <= MAX_EXCEPTIONS,
            "{} and the files before it hold more than {MAX_EXCEPTIONS} exceptions; take out those that are not needed",
            path.display()
        );
    }
    Ok(Decisions { exceptions: Exceptions::new(all.exceptions)?, warnings: all.warnings })
}

fn read_file(path: &Path) -> anyhow::Result<Entries> {
    let unreadable = || format!("the exceptions in {} could not be read; check the path and its permissions", path.display());
    let mut text = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut text)).with_context(unreadable)?;
    ensure!(text.len() as u64 <= MAX_SIZE, "{} is larger than the {} MB exceptions may have", path.display(), MAX_SIZE >> 20);
    let text = String::from_utf8(text).with_context(|| format!("{} is no text in UTF-8", path.display()))?;
    let source = path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if name.ends_with(".toml") {
        return osv::read(&source, &text);
    }
    if !(name.ends_with(".yaml") || name.ends_with(".yml")) {
        return trivy::read_lines(&source, &text);
    }
    let keys: Keys = yaml::parse(&source, &text)?;
    if keys.exceptions.is_some() {
        plimsoll::read(&source, &text)
    } else if keys.ignore.is_some() {
        grype::read(&source, &text)
    } else if [keys.vulnerabilities, keys.misconfigurations, keys.secrets, keys.licenses].iter().any(Option::is_some) {
        trivy::read_yaml(&source, &text)
    } else {
        bail!(
            "{source} holds none of `exceptions:` (our own), `ignore:` (Grype) and `vulnerabilities:` (Trivy); write for example `{}`",
            plimsoll::EXAMPLE
        )
    }
}

/// A day as people write it, `2026-12-31`, alone or at the start of a time.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Other tools let an exception end when its date begins: the last day is the one before.
fn day_before(text: &str) -> Option<Date> {
    day(text)?.yesterday().ok()
}
