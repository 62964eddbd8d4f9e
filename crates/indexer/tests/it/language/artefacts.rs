//! Readers of ecosystems whose tools are not here, on artefacts that Debian and PyPI publish.

use std::path::{Path, PathBuf};

use super::{listed, read, run_in};

/// The unpacked content of a Debian package, fetched where the machine's mirror has it.
fn debian(folder: &Path, package: &str) -> Option<PathBuf> {
    run_in(folder, "apt-get", &["download", "-qq", package])?;
    let archive = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "deb"))?;
    run_in(folder, "dpkg-deb", &["-x", archive.to_str().unwrap(), "root"])?;
    Some(folder.join("root"))
}

#[test]
fn an_r_package_of_debian() {
    let folder = tempfile::tempdir().unwrap();
    let Some(root) = debian(folder.path(), "r-cran-jsonlite") else { return };
    let path = "usr/lib/R/site-library/jsonlite/DESCRIPTION";
    let content = std::fs::read(root.join(path)).unwrap();
    let found = read("language/r", path, &content);
    let text = String::from_utf8_lossy(&content).into_owned();
    let version = text.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap();
    assert_eq!(listed(std::slice::from_ref(&found)), [format!("jsonlite {version}")]);
    assert_eq!(found.packages[0].licenses, ["MIT"]);
}

#[test]
fn a_go_module_of_debian() {
    let folder = tempfile::tempdir().unwrap();
    let Some(root) = debian(folder.path(), "golang-golang-x-net-dev") else { return };
    let content = std::fs::read(root.join("usr/share/gocode/src/golang.org/x/net/go.mod")).unwrap();
    let got = listed(&[read("language/lock/go", "go.mod", &content)]);
    // A plain reading: this file has neither replacements nor exclusions.
    let mut expected: Vec<String> = String::from_utf8(content)
        .unwrap()
        .lines()
        .map(|line| line.trim().trim_start_matches("require "))
        .filter(|line| line.starts_with("golang.org/"))
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        .collect();
    expected.sort();
    assert!(expected.len() > 1);
    assert_eq!(got, expected);
}

/// A wheel that brings a .NET library; of the eighteen packages that it was built with these three have files at run time.
#[test]
fn a_dotnet_library_of_pypi() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--retries=0", "--target", "x", "pythonnet==3.0.3"];
    let Some(()) = run_in(folder.path(), "python3", &arguments) else { return };
    let runtime = folder.path().join("x/pythonnet/runtime");
    let content = std::fs::read(runtime.join("Python.Runtime.deps.json")).unwrap();
    let expected = ["microsoft.csharp 4.7.0", "system.reflection.emit 4.3.0", "system.reflection.emit.ilgeneration 4.3.0"];
    assert_eq!(listed(&[read("language/dotnet", "x/pythonnet/runtime/Python.Runtime.deps.json", &content)]), expected);
}
