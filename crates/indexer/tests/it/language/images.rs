//! Lock files that lie in real images, against what is installed there and against a plain reading of each.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::{listed, read};

/// Files of an image's layers whose path ends in this, as (path, content), read by tar alone.
fn files(image: &Path, ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"tar -xOf "$1" manifest.json | tr ',[]"' '\n' | grep '\.tar$' | sort -u | while read -r layer; do
        tar -xOf "$1" "$layer" | tar -xf - -C "$2" --wildcards --no-same-owner "*$3" 2>/dev/null; done; cd "$2" && find . -type f"#;
    let output = Command::new("sh").args(["-c", script, "sh"]).args([image, folder.path()]).arg(ending).output().unwrap();
    let mut paths: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    paths.sort();
    let content = |path: &String| std::fs::read(folder.path().join(path)).unwrap();
    paths.iter().map(|path| (path.trim_start_matches("./").to_owned(), content(path))).collect()
}

#[test]
fn what_is_installed_was_locked() {
    let (Some(image), Some(list)) = (testing::built_image("node-app.docker.tar"), testing::built_image("node-app.packages.txt"))
    else {
        return;
    };
    let locks = files(&image, "app/package-lock.json");
    let (path, content) = locks.iter().find(|(path, _)| path == "app/package-lock.json").expect("the image holds its lock file");
    let locked: BTreeSet<String> = listed(&[read("language/lock/npm", path, content)]).into_iter().collect();
    let installed = std::fs::read_to_string(list).unwrap();
    let mut compared = 0;
    for line in installed.lines().filter(|line| line.starts_with("npm ") && line.contains(" /app/node_modules/")) {
        let mut words = line.split(' ').skip(1);
        let name = format!("{} {}", words.next().unwrap(), words.next().unwrap());
        assert!(locked.contains(&name), "{name}");
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn yarn_locks_of_published_packages() {
    let Some(image) = testing::built_image("node-app.docker.tar") else { return };
    let locks = files(&image, "yarn.lock");
    assert!(locks.len() > 5, "{}", locks.len());
    for (path, content) in locks {
        let found = read("language/lock/yarn", &path, &content);
        assert_eq!(found.problems, [""; 0], "{path}");
        let text = String::from_utf8(content).unwrap();
        // The address of the archive names the package a second time: `…/NAME/-/FILE-VERSION.tgz`.
        let addresses: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("resolved ")).collect();
        assert_eq!(found.packages.len(), addresses.len(), "{path}");
        for (package, address) in found.packages.iter().zip(addresses).filter(|(package, _)| package.unjudged.is_none()) {
            let name = address.split("/-/").next().unwrap().replace("%2f", "/");
            assert!(name.ends_with(&format!("/{}", package.name)), "{path}: {} at {address}", package.name);
            assert!(address.contains(&package.version), "{path}: {} at {address}", package.version);
        }
    }
}
