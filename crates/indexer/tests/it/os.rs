//! Readers of package databases, held against the tools that own these databases and against damage.

use indexer::extractor::{Found, run};

mod apk;
mod dpkg;
mod fixture;
mod hostile;
mod pacman;
mod rpm;

/// Runs the extractor of this id over a file.
fn read(id: &str, path: &str, content: &[u8]) -> Found {
    let all = indexer::os::all();
    let extractor = all.iter().find(|extractor| extractor.id() == id).expect("the extractor is registered");
    run(extractor.as_ref(), path, content)
}

/// Standard output of a command that must succeed.
fn output(command: &mut std::process::Command) -> Vec<u8> {
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The same as lines of text, sorted.
fn sorted_lines(command: &mut std::process::Command) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8_lossy(&output(command)).lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}
