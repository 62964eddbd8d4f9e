//! The readers against the package managers themselves, on what they installed or wrote.

use std::path::{Path, PathBuf};
use std::process::Command;

use indexer::extractor::Found;

use super::{listed, read, run_in, zip};

/// Files below a folder that `wanted` asks for, sorted; links are not followed.
fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && wanted(&path) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Reads a file as if it lay in an image at its own place.
fn read_file(id: &str, path: &Path) -> Found {
    let content = std::fs::read(path).unwrap();
    read(id, path.to_str().unwrap().trim_start_matches('/'), &content)
}

/// Lines a command prints, sorted, each once; `None` where it fails: then the machine lacks something.
fn lines(command: &mut Command) -> Option<Vec<String>> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let mut lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines.dedup();
    Some(lines)
}

/// Python's own library for installed distributions, on those of Debian or of the interpreter.
#[test]
fn python_agrees_with_importlib() {
    let Some(mut python) = testing::tool("python3", &["--version"]) else { return };
    let script = "import importlib.metadata as m, re, sys
for path in sys.path[1:]:
    for d in m.distributions(path=[path]):
        print(path, re.sub(r'[-_.]+', '-', d.metadata['Name']).lower(), d.version)";
    let expected = lines(python.args(["-c", script])).expect("python runs");
    let mut folders: Vec<&str> = expected.iter().filter_map(|line| line.split(' ').next()).collect();
    folders.dedup();
    if folders.is_empty() {
        return testing::skip("an installed Python distribution").unwrap_or_default();
    }
    let is_metadata = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap_or_default();
        matches!(name, "METADATA" | "PKG-INFO") || name.ends_with(".egg-info")
    };
    let mut got = Vec::new();
    for folder in folders {
        // Only what lies directly in the folder: vendored copies further down are not on the path.
        let depth = Path::new(folder).components().count();
        let direct = files(Path::new(folder), &|path| is_metadata(path) && path.components().count() <= depth + 2);
        let found: Vec<Found> = direct.iter().map(|path| read_file("language/python", path)).collect();
        got.extend(listed(&found).into_iter().map(|line| format!("{folder} {line}")));
    }
    got.sort_unstable();
    assert_eq!(got, expected);
}

/// `pip freeze` writes what `requirements.txt` holds.
#[test]
fn requirements_agree_with_pip_freeze() {
    let Some(_) = testing::tool("python3", &["-m", "pip", "--version"]) else { return };
    let Some(mut python) = testing::tool("python3", &["--version"]) else { return };
    let Ok(output) = python.args(["-m", "pip", "freeze", "--all"]).output() else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    let pinned = text.lines().filter(|line| line.contains("==")).count();
    if pinned == 0 {
        return testing::skip("pip freeze with pinned packages").unwrap_or_default();
    }
    let found = read("language/lock/requirements", "requirements.txt", &output.stdout);
    assert_eq!(found.packages.len(), pinned);
}

/// npm's own list of its own installation.
#[test]
fn javascript_agrees_with_npm() {
    let Some(mut npm) = testing::tool("npm", &["--version"]) else { return };
    // npm exits with 1 where a peer dependency is missing; the list is whole all the same.
    let output = npm.args(["ls", "-g", "--all", "--parseable", "--long"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut expected: Vec<String> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(':').nth(1)?.rsplit_once('@').map(|(name, version)| format!("{name} {version}")))
        .collect();
    expected.sort_unstable();
    expected.dedup();
    let Some(root) = text.lines().next().and_then(|line| line.split(':').next()).filter(|_| !expected.is_empty()) else {
        return testing::skip("a global npm package").unwrap_or_default();
    };
    let found: Vec<Found> = files(Path::new(root), &|path| {
        // Package folders alone, as npm's list has them; what packages vendor elsewhere is not npm's to know.
        let parts: Vec<_> = path.iter().rev().filter_map(|part| part.to_str()).take(4).collect();
        parts[0] == "package.json" && (parts[2] == "node_modules" || (parts[2].starts_with('@') && parts[3] == "node_modules"))
    })
    .iter()
    .map(|path| read_file("language/javascript", path))
    .collect();
    assert_eq!(listed(&found), expected);
}

/// npm writes lock files of all three versions, and installs what they say; no network is needed for local packages.
#[test]
fn npm_lock_files_of_every_version() {
    let Some(_) = testing::tool("npm", &["--version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("inner/package.json", r#"{"name": "@made/inner", "version": "2.3.4", "license": "ISC"}"#);
    write("app/package.json", r#"{"name": "app", "version": "1.0.0"}"#);
    let Some(()) = run_in(&folder.path().join("inner"), "npm", &["pack", "--silent", "--pack-destination", ".."]) else { return };
    let app = folder.path().join("app");
    for version in ["1", "2", "3"] {
        let flag = format!("--lockfile-version={version}");
        let arguments = ["install", "--offline", "--no-audit", "--no-fund", "--silent", &flag, "../made-inner-2.3.4.tgz"];
        let Some(()) = run_in(&app, "npm", &arguments) else { return };
        let found = read_file("language/lock/npm", &app.join("package-lock.json"));
        // Version 1 names a local archive by its file alone, which is no release.
        let expected: &[&str] = if version == "1" { &[] } else { &["@made/inner 2.3.4"] };
        assert_eq!(listed(&[found]), expected, "version {version}");
        let installed = read_file("language/javascript", &app.join("node_modules/@made/inner/package.json"));
        assert_eq!(
            (installed.packages[0].name.as_str(), installed.packages[0].licenses.as_slice()),
            ("@made/inner", ["ISC".to_owned()].as_slice())
        );
    }
}

/// RubyGems' own list of what it finds installed.
#[test]
fn ruby_agrees_with_rubygems() {
    let Some(mut ruby) = testing::tool("ruby", &["--version"]) else { return };
    let script = "Gem::Specification.each { |s| puts \"#{s.loaded_from}\\t#{s.name} #{s.version}\" }";
    let expected = lines(ruby.args(["-e", script])).expect("ruby runs");
    assert!(!expected.is_empty());
    for line in expected {
        let (path, gem) = line.split_once('\t').unwrap();
        assert_eq!(listed(&[read_file("language/ruby", Path::new(path))]), [gem], "{path}");
    }
}

/// Bundler's own reading of the lock files that lie in installed gems.
#[test]
fn gemfile_locks_agree_with_bundler() {
    let Some(_) = testing::tool("ruby", &["--version"]) else { return };
    let locks: Vec<PathBuf> = ["/usr/lib/ruby", "/var/lib/gems"]
        .iter()
        .flat_map(|root| files(Path::new(root), &|path| path.ends_with("Gemfile.lock")))
        .collect();
    if locks.is_empty() {
        return testing::skip("a Gemfile.lock inside an installed gem").unwrap_or_default();
    }
    // Bundler wants a project to stand in, whatever it reads.
    let project = tempfile::tempdir().unwrap();
    std::fs::write(project.path().join("Gemfile"), "").unwrap();
    for lock in locks {
        let script = "Bundler::LockfileParser.new(File.read(ARGV[0])).specs.each { |s| puts \"#{s.name} #{s.version}\" }";
        let expected = lines(Command::new("ruby").args(["-rbundler", "-e", script]).arg(&lock).current_dir(project.path()))
            .expect("bundler reads it");
        assert_eq!(listed(&[read_file("language/lock/bundler", &lock)]), expected, "{}", lock.display());
    }
}

/// Composer installs a local package and writes both of its files.
#[test]
fn php_agrees_with_composer() {
    let Some(_) = testing::tool("composer", &["--version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::write(folder.path().join("inner/composer.json"), r#"{"name": "made/inner", "version": "v2.3.4", "license": "MIT"}"#)
        .unwrap();
    let project =
        r#"{"repositories": [{"type": "path", "url": "inner"}, {"packagist.org": false}], "require": {"made/inner": "*"}}"#;
    std::fs::write(folder.path().join("composer.json"), project).unwrap();
    let Some(()) = run_in(folder.path(), "composer", &["install", "--no-interaction", "--quiet"]) else { return };
    for (id, path) in [("language/php", "vendor/composer/installed.json"), ("language/lock/composer", "composer.lock")] {
        let found = read_file(id, &folder.path().join(path));
        assert_eq!(listed(std::slice::from_ref(&found)), ["made/inner v2.3.4"], "{path}");
        assert_eq!(found.packages[0].licenses, ["MIT"]);
    }
}

/// Cargo's own reading of the lock file that built this test, for the one platform whose crates are sure to be here.
#[test]
fn cargo_lock_agrees_with_cargo() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=x86_64-unknown-linux-gnu"]);
    let Some(output) = command.current_dir(lock.parent().unwrap()).output().ok().filter(|output| output.status.success()) else {
        return testing::skip("every crate of Cargo.lock, for cargo metadata").unwrap_or_default();
    };
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = read_file("language/lock/cargo", &lock);
    let got: std::collections::BTreeSet<(String, bool)> = found
        .packages
        .iter()
        .map(|package| (format!("{} {}", package.name, package.version), package.unjudged.is_some()))
        .collect();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 20 && packages.len() <= got.len());
    for package in packages {
        let name = format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        assert!(got.contains(&(name.clone(), package["source"].is_null())), "{name}");
    }
}

/// Debian's jars, and Python's zip library as the second opinion on what lies in them.
#[test]
fn java_agrees_with_another_zip_reader() {
    let jars: Vec<PathBuf> =
        files(Path::new("/usr/share/java"), &|path| path.extension().is_some_and(|extension| extension == "jar"));
    let Some(mut python) = testing::tool("python3", &["--version"]) else { return };
    if jars.is_empty() {
        return testing::skip("a jar in /usr/share/java").unwrap_or_default();
    }
    let script = "import sys, zipfile
for path in sys.argv[1:]:
    z = zipfile.ZipFile(path)
    for n in z.namelist():
        if n.endswith('/pom.properties'):
            p = dict(l.split('=', 1) for l in z.read(n).decode().splitlines() if '=' in l and l[0] != '#')
            print(p['groupId'].strip() + ':' + p['artifactId'].strip(), p['version'].strip())";
    let expected = lines(python.args(["-c", script]).args(&jars)).expect("python reads them");
    let mut found: Vec<Found> = jars.iter().map(|path| read_file("language/java", path)).collect();
    for found in &mut found {
        assert_eq!(found.problems, [""; 0]);
        found.packages.retain(|package| package.unjudged.is_none());
    }
    assert_eq!(listed(&found), expected);
}

/// Debian's Maven repository: what each project says of itself is where it lies.
#[test]
fn poms_agree_with_their_place() {
    let root = Path::new("/usr/share/maven-repo");
    let poms = files(root, &|path| path.extension().is_some_and(|extension| extension == "pom"));
    if poms.is_empty() {
        return testing::skip("a Maven repository in /usr/share/maven-repo").unwrap_or_default();
    }
    let mut compared = 0;
    for pom in poms {
        let place: Vec<&str> = pom.strip_prefix(root).unwrap().iter().filter_map(|part| part.to_str()).collect();
        let [group @ .., artifact, version, _] = place.as_slice() else { continue };
        let content = std::fs::read(&pom).unwrap();
        let found = read("language/java", "a.jar", &zip::write(&[("META-INF/maven/g/a/pom.xml", &content)], true));
        let expected = format!("{}:{artifact} {version}", group.join("."));
        assert_eq!(listed(&[found]), [expected], "{}", pom.display());
        compared += 1;
        let found = read("language/lock/maven", "pom.xml", &content);
        assert!(found.problems.iter().all(|problem| problem.contains("no version in this file")), "{:?}", found.problems);
    }
    assert!(compared > 0);
}
