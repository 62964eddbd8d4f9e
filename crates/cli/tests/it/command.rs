//! Runs the program, shut off from the machine's settings, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A working directory with a home and a cache beside it; relative paths in arguments are in the working directory.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["work", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// A path in the working directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// The user's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Where `--cache-dir` of [`Sandbox::run`] is.
    pub(crate) fn cache(&self) -> PathBuf {
        self.path("cache")
    }

    /// Writes a file into the working directory.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, or another one that runs it, without any argument.
    pub(crate) fn prepare(&self, mut command: Command) -> Command {
        command.env_clear().env("HOME", self.home()).current_dir(self.path("")).stdin(Stdio::null());
        command
    }

    /// The program without any argument.
    pub(crate) fn command(&self) -> Command {
        self.prepare(Command::new(program()))
    }

    /// The program with a cache of its own and no network.
    pub(crate) fn offline(&self, arguments: &[&str]) -> Command {
        let mut command = self.command();
        command.args(["--offline", "--cache-dir", "cache"]).args(arguments);
        command
    }

    /// Runs [`Sandbox::offline`].
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.offline(arguments))
    }

    /// Scans as JSON with the database `test.db`; it must succeed.
    pub(crate) fn scan(&self, arguments: &[&str]) -> Value {
        self.run(&[&["scan", "--db", "test.db", "--format", "json"], arguments].concat()).exits(0).json()
    }
}

/// The program under test.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_plimsoll"))
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let words = format!("{command:?}");
    Outcome::of(words, command.output().unwrap())
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    command: String,
    /// −1 where a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(command: String, output: Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!stderr.contains("panicked"), "{command}\n{stderr}");
        Self { command, code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }
    }

    /// Expects an exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}{}", self.command, String::from_utf8_lossy(&self.stdout), self.stderr);
        self
    }

    /// Expects the run to have failed with one sentence and no result; the sentence.
    #[track_caller]
    pub(crate) fn fails(self) -> String {
        let outcome = self.exits(2);
        let sentence = outcome.stderr.strip_prefix("plimsoll: ").and_then(|rest| rest.strip_suffix('\n'));
        let sentence = sentence.filter(|sentence| !sentence.contains('\n') && sentence.len() > 20);
        assert!(outcome.stdout.is_empty(), "{}\n{}", outcome.command, outcome.text());
        sentence.unwrap_or_else(|| panic!("{}\n{}", outcome.command, outcome.stderr)).to_owned()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{}\n{error}\n{}", self.command, self.stderr))
    }
}

/// The ids of a report's findings, in its order.
pub(crate) fn ids(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

/// The sentences of a list, as of `warnings`.
pub(crate) fn sentences(list: &Value) -> String {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}
