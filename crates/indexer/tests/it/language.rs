//! Readers of what language package managers leave behind, held against these managers, and against damage.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use indexer::extractor::{Found, run};

mod artefacts;
mod hostile;
mod images;
mod jar;
mod published;
mod tools;
mod zip;

/// Runs the extractor of this id over a file.
fn read(id: &str, path: &str, content: &[u8]) -> Found {
    let all = indexer::language::all();
    let extractor = all.iter().find(|extractor| extractor.id() == id).expect("the extractor is registered");
    run(extractor.as_ref(), path, content)
}

/// `name version` of what was found, sorted, each once.
fn listed(found: &[Found]) -> Vec<String> {
    let packages = found.iter().flat_map(|found| &found.packages);
    let mut lines: Vec<String> = packages.map(|package| format!("{} {}", package.name, package.version)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Runs a command in a folder; `None`, said, where it fails: then the machine or its network lacks something.
fn run_in(folder: &Path, program: &str, arguments: &[&str]) -> Option<()> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().ok()?;
    if output.status.success() {
        return Some(());
    }
    testing::skip(&format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
}
