//! dpkg's database against dpkg itself.

use std::collections::BTreeMap;
use std::path::Path;

use super::{output, read, sorted_lines};

const STATUS: &str = "/var/lib/dpkg/status";

#[test]
fn this_machines_packages_are_those_of_dpkg_query() {
    let Some(mut dpkg_query) = testing::tool("dpkg-query", &["--version"]) else { return };
    let Ok(content) = std::fs::read(STATUS) else {
        testing::skip::<()>("a dpkg database");
        return;
    };
    let format = "${db:Status-Status}|${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n";
    let expected: Vec<String> = sorted_lines(dpkg_query.args(["-W", "-f", format]))
        .iter()
        .filter_map(|line| line.strip_prefix("installed|").map(str::to_owned))
        .collect();
    let found = read("os/dpkg", "var/lib/dpkg/status", &content);
    let mut packages: Vec<String> = found
        .packages
        .iter()
        .map(|package| {
            let source = package.source.as_ref().unwrap();
            let architecture = package.architecture.as_deref().unwrap_or_default();
            format!("{} {} {architecture} {} {}", package.name, package.version, source.name, source.version)
        })
        .collect();
    packages.sort_unstable();
    assert!(!expected.is_empty());
    assert_eq!(packages, expected);
    assert_eq!(found.problems, Vec::<String>::new());
    assert!(found.packages.iter().all(|package| package.vendor.is_some()));
}

#[test]
fn this_machines_files_are_those_of_dpkg() {
    let Some(mut dpkg) = testing::tool("dpkg", &["--version"]) else { return };
    let Ok(folder) = std::fs::read_dir("/var/lib/dpkg/info") else {
        testing::skip::<()>("a dpkg database");
        return;
    };
    let mut lists: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for entry in folder.flatten() {
        let name = entry.file_name().into_string().unwrap();
        if let Some(package) = name.strip_suffix(".list") {
            lists.insert(package.to_owned(), std::fs::read(entry.path()).unwrap());
        }
    }
    // dpkg adds lines of words about diversions; an empty line parts the packages.
    let text = output(dpkg.arg("-L").args(lists.keys()));
    let text = String::from_utf8(text).unwrap();
    let mut compared = 0;
    for ((package, content), expected) in lists.iter().zip(text.split("\n\n")) {
        let found = read("os/dpkg", &format!("var/lib/dpkg/info/{package}.list"), content);
        let expected: Vec<&str> =
            expected.lines().filter_map(|line| line.strip_prefix('/')).filter(|path| *path != ".").collect();
        let owned: Vec<&str> =
            found.owned.iter().flat_map(|owned| &owned.paths).map(|path| std::str::from_utf8(path).unwrap()).collect();
        assert_eq!(owned, expected, "{package}");
        assert!(found.owned.iter().all(|owned| owned.package == *package));
        compared += owned.len();
    }
    assert!(compared > 1000, "only {compared} files");
}

#[test]
fn this_machines_licences_can_be_told() {
    let Ok(folder) = std::fs::read_dir("/usr/share/doc") else { return };
    let (mut files, mut told) = (0, 0);
    for entry in folder.flatten() {
        let Ok(content) = std::fs::read(entry.path().join("copyright")) else { continue };
        let package = entry.file_name().into_string().unwrap();
        let found = read("os/copyright", &format!("usr/share/doc/{package}/copyright"), &content);
        assert_eq!(found.problems, Vec::<String>::new(), "{package}");
        files += 1;
        told += usize::from(!found.licenses.is_empty());
    }
    if !Path::new(STATUS).exists() || files < 50 {
        testing::skip::<()>("documentation of Debian packages");
        return;
    }
    assert!(told * 100 >= files * 80, "{told} of {files}");
}

#[test]
fn real_status_files() {
    // Nine of vcpkg's 24 records are features of a package that another record names, without a version of their own.
    for (name, expected, problems) in [("texlive", 357, 0), ("vcpkg", 15, 1), ("postgresql", 3, 0), ("debian-only", 1, 0)] {
        let Some(path) = testing::real_data(&format!("images/status/{name}.status")) else { return };
        let found = read("os/dpkg", "var/lib/dpkg/status", &std::fs::read(path).unwrap());
        assert_eq!((found.packages.len(), found.problems.len()), (expected, problems), "{name}: {:?}", found.problems);
    }
}
