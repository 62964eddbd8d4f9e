//! Lock files written, in the test, by the tools that own their format. These come from the public registries; without a
//! network the tests say so and end.

use std::collections::BTreeSet;
use std::path::Path;

use super::{listed, read, run_in};

/// Dependencies that every resolver resolves alike: exact ones, one in a scope, one behind an alias.
const PROJECT: &str = r#"{"name": "app", "version": "1.0.0", "private": true,
    "dependencies": {"debug": "4.3.4", "@jridgewell/trace-mapping": "0.3.9", "other": "npm:minimist@1.2.5"}}"#;

/// Locks the project with a tool that npm brings and lists what the lock file then says.
fn locked(arguments: &[&str], id: &str, lock: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("package.json"), PROJECT).unwrap();
    let (program, arguments) = arguments.split_first().unwrap();
    run_in(folder.path(), program, arguments)?;
    let found = read(id, lock, &std::fs::read(folder.path().join(lock)).unwrap());
    assert_eq!(found.problems, [""; 0], "{arguments:?}");
    Some(listed(&[found]))
}

#[test]
fn every_javascript_tool_locks_the_same() {
    let Some(_) = testing::tool("npm", &["--version"]) else { return };
    let npm = ["npm", "install", "--package-lock-only", "--silent", "--no-audit", "--fetch-retries=0", "--fetch-timeout=20000"];
    let Some(expected) = locked(&npm, "language/lock/npm", "package-lock.json") else { return };
    assert!(expected.contains(&"minimist 1.2.5".to_owned()) && expected.len() == 6, "{expected:?}");
    let npx = |package: &'static str, rest: &[&'static str]| [&["npx", "--yes", package], rest].concat();
    for (arguments, id, lock) in [
        (npx("pnpm@7.33.7", &["install", "--lockfile-only"]), "language/lock/pnpm", "pnpm-lock.yaml"),
        (npx("pnpm@8.15.9", &["install", "--lockfile-only"]), "language/lock/pnpm", "pnpm-lock.yaml"),
        (npx("pnpm@9.15.0", &["install", "--lockfile-only"]), "language/lock/pnpm", "pnpm-lock.yaml"),
        (npx("yarn@1.22.22", &["install", "--ignore-scripts"]), "language/lock/yarn", "yarn.lock"),
        (npx("@yarnpkg/cli-dist@4.5.3", &["install", "--mode=update-lockfile"]), "language/lock/yarn", "yarn.lock"),
        (npx("bun@1.2.0", &["install", "--lockfile-only", "--save-text-lockfile"]), "language/lock/bun", "bun.lock"),
    ] {
        let Some(got) = locked(&arguments, id, lock) else { continue };
        assert_eq!(got, expected, "{arguments:?}");
    }
}

/// uv's lock file against its own exports in pip's format and in the standard's.
#[test]
fn uv_agrees_with_itself() {
    let Some(_) = testing::tool("python3", &["-m", "pip", "--version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let install = ["-m", "pip", "install", "--quiet", "--no-deps", "--retries=0", "--target", "uv", "uv==0.8.0"];
    let Some(()) = run_in(folder.path(), "python3", &install) else { return };
    let project = "[project]\nname = \"app\"\nversion = \"0.1\"\nrequires-python = \">=3.8\"\ndependencies = [\"Jinja2==3.1.2\", \"idna==3.4\"]\n";
    std::fs::write(path("pyproject.toml"), project).unwrap();
    let uv = path("uv/bin/uv");
    let Some(()) = run_in(folder.path(), uv.to_str().unwrap(), &["lock", "--quiet"]) else { return };
    for name in ["requirements.txt", "pylock.toml"] {
        let arguments = ["export", "--quiet", "--format", name, "--output-file", name];
        let Some(()) = run_in(folder.path(), uv.to_str().unwrap(), &arguments) else { return };
    }
    let list =
        |id: &str, name: &str| -> BTreeSet<String> { listed(&[read(id, name, &read_bytes(&path(name)))]).into_iter().collect() };
    let lock = list("language/lock/python", "uv.lock");
    assert_eq!(lock, list("language/lock/requirements", "requirements.txt"));
    assert_eq!(lock, list("language/lock/python", "pylock.toml"));
    assert!(lock.contains("jinja2 3.1.2") && lock.contains("idna 3.4"), "{lock:?}");
}

fn read_bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
