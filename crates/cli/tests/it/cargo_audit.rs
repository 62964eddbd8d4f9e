//! Rust findings are those of `cargo audit`, given the same records and the same lock file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use model::version::Scheme;
use serde_json::Value;

/// Crates whose versions go into the lock file; every record goes into both databases.
const CRATES: usize = 500;

/// A package, its version and an advisory that speaks of it.
type Said = (String, String, String);

#[test]
fn findings_equal_those_of_cargo_audit() {
    let Some(feed) = testing::real_data("feeds/osv/crates.io/all.zip") else { return };
    let Some(mut audit) = testing::tool("cargo-audit", &["--version"]) else { return };
    let Some(unzip) = testing::tool("unzip", &["-v"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let records = unpack(unzip, &feed, &folder.path().join("records"));
    let peer = folder.path().join("advisory-db");
    for record in &records {
        write_advisory(&peer, record);
    }
    let project = folder.path().join("project");
    fs::create_dir_all(&project).unwrap();
    let lock = lock_file(&records);
    let packages = lock.matches("[[package]]").count();
    assert!(packages > 1000, "{packages} packages are too few to tell anything");
    fs::write(project.join("Cargo.lock"), &lock).unwrap();

    let output = audit
        .args(["audit", "--no-fetch", "--no-yanked", "--json", "--db"])
        .arg(&peer)
        .arg("--file")
        .arg(project.join("Cargo.lock"))
        .output()
        .unwrap();
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(theirs["database"]["advisory-count"].as_u64(), Some(records.len() as u64));

    let feeds = folder.path().join("feeds/osv/crates.io");
    fs::create_dir_all(&feeds).unwrap();
    fs::copy(&feed, feeds.join("all.zip")).unwrap();
    let database = folder.path().join("rust.db");
    plimsoll(
        folder.path(),
        &["db", "build", "--feeds", &folder.path().join("feeds").display().to_string(), "-o", &database.display().to_string()],
    );
    let target = format!("source:{}", project.display());
    let ours = plimsoll(folder.path(), &["scan", "--format", "json", "--db", &database.display().to_string(), &target]);
    let ours: Value = serde_json::from_slice(&ours).unwrap();

    let vulnerable = compare(&ours, &["vulnerability", "malicious"], &audited(&theirs["vulnerabilities"]["list"]));
    let unmaintained = compare(&ours, &["unmaintained"], &audited(&theirs["warnings"]["unmaintained"]));
    assert!(vulnerable > 1000 && unmaintained > 100, "{vulnerable} and {unmaintained} are too few to tell anything");
}

/// The records of the feed, by file name.
fn unpack(mut unzip: Command, feed: &Path, into: &Path) -> Vec<Value> {
    let status = unzip.arg("-q").arg(feed).arg("-d").arg(into).status().unwrap();
    assert!(status.success());
    let mut paths: Vec<_> = fs::read_dir(into).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    let records = paths.into_iter().map(read);
    records.filter(|record| record["id"].as_str().is_some_and(|id| id.starts_with("RUSTSEC-"))).collect()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The intervals of a record: `introduced` and, where there is one, `fixed`.
fn intervals(affected: &Value) -> Vec<(&str, Option<&str>)> {
    let mut intervals: Vec<(&str, Option<&str>)> = Vec::new();
    for event in
        affected["ranges"].as_array().into_iter().flatten().flat_map(|range| range["events"].as_array().into_iter().flatten())
    {
        if let Some(introduced) = event["introduced"].as_str() {
            intervals.push((introduced, None));
        } else if let (Some(fixed), Some(last)) = (event["fixed"].as_str(), intervals.last_mut()) {
            last.1 = Some(fixed);
        }
    }
    intervals
}

/// Writes a record as the RustSec repository holds it: TOML in a fence, then Markdown
/// (<https://github.com/rustsec/advisory-db/blob/main/CONTRIBUTING.md>). The versions are what the intervals leave over.
fn write_advisory(root: &Path, record: &Value) {
    let id = record["id"].as_str().unwrap();
    let [affected] = record["affected"].as_array().unwrap().as_slice() else { panic!("{id} speaks of several crates") };
    let name = affected["package"]["name"].as_str().unwrap();
    let published = record["published"].as_str().unwrap();
    let quoted = |words: Vec<String>| words.into_iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
    let mut text = format!("```toml\n[advisory]\nid = \"{id}\"\npackage = \"{name}\"\ndate = \"{}\"\n", &published[..10]);
    let aliases = strings(&record["aliases"]).filter(|alias| alias.starts_with("CVE-") || alias.starts_with("GHSA-"));
    let _ = writeln!(text, "aliases = [{}]", quoted(aliases.map(str::to_owned).collect()));
    let _ = writeln!(
        text,
        "categories = [{}]",
        quoted(strings(&affected["database_specific"]["categories"]).map(str::to_owned).collect())
    );
    if let Some(informational) = affected["database_specific"]["informational"].as_str() {
        let _ = writeln!(text, "informational = \"{informational}\"");
    }
    if let Some(withdrawn) = record["withdrawn"].as_str() {
        let _ = writeln!(text, "withdrawn = \"{}\"", &withdrawn[..10]);
    }
    let mut unaffected = Vec::new();
    let mut from: Option<&str> = None;
    let mut open = false;
    for (introduced, fixed) in intervals(affected) {
        match from {
            None if introduced != "0.0.0-0" => unaffected.push(format!("< {introduced}")),
            Some(from) if from != introduced => unaffected.push(format!(">= {from}, < {introduced}")),
            _ => {}
        }
        from = fixed;
        open = fixed.is_none();
    }
    if let (Some(from), false) = (from, open) {
        unaffected.push(format!(">= {from}"));
    }
    let _ = write!(text, "[versions]\npatched = []\nunaffected = [{}]\n```\n\n# {id}\n\nAs published.\n", quoted(unaffected));
    let folder = root.join("crates").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{id}.md")), text).unwrap();
}

/// A lock file with the versions at which the records change their minds, and their neighbours.
fn lock_file(records: &[Value]) -> String {
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for affected in records.iter().flat_map(|record| record["affected"].as_array().unwrap()) {
        let of = versions.entry(affected["package"]["name"].as_str().unwrap()).or_default();
        for bound in intervals(affected).into_iter().flat_map(|(introduced, fixed)| [Some(introduced), fixed]).flatten() {
            of.extend(around(bound));
        }
    }
    let mut text = "version = 4\n".to_owned();
    let every = versions.len().div_ceil(CRATES);
    for (name, versions) in versions.iter().step_by(every) {
        for version in versions {
            let source = "registry+https://github.com/rust-lang/crates.io-index";
            let _ = write!(text, "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{source}\"\n");
        }
    }
    text
}

/// A bound, what lies just below and above it, and a pre-release of it.
fn around(bound: &str) -> Vec<String> {
    let core = bound.split(['-', '+']).next().unwrap();
    let [major, minor, patch] = core.split('.').map(|part| part.parse::<u64>().unwrap()).collect::<Vec<_>>()[..] else {
        panic!("{bound} is no version")
    };
    let mut all = vec![bound.to_owned(), core.to_owned(), format!("{core}-alpha.1"), format!("{major}.{minor}.{}", patch + 1)];
    if patch > 0 {
        all.push(format!("{major}.{minor}.{}", patch - 1));
    }
    all
}

/// Runs the program and expects it to succeed; its standard output.
fn plimsoll(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["--offline", "--cache-dir"])
        .arg(folder.join("cache"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What `cargo audit` lists.
fn audited(list: &Value) -> BTreeSet<Said> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of =
        |entry: &Value| (text(&entry["package"]["name"]), text(&entry["package"]["version"]), text(&entry["advisory"]["id"]));
    list.as_array().unwrap().iter().map(of).collect()
}

/// Holds our findings of some kinds against theirs; how many theirs are. A finding of ours folds the ids that are aliases of
/// each other: each of theirs must be in one of ours, and each of ours must hold one of theirs.
fn compare(ours: &Value, kinds: &[&str], theirs: &BTreeSet<Said>) -> usize {
    let mut said: BTreeSet<Said> = BTreeSet::new();
    let mut invented = Vec::new();
    for finding in ours["findings"].as_array().unwrap() {
        if !kinds.contains(&finding["kind"].as_str().unwrap()) {
            continue;
        }
        let (name, version) = (finding["package"].as_str().unwrap(), finding["version"].as_str().unwrap());
        let ids = finding["id"].as_str().into_iter().chain(strings(&finding["aliases"]));
        let ids: Vec<Said> = ids.map(|id| (name.to_owned(), version.to_owned(), id.to_owned())).collect();
        if !ids.iter().any(|id| theirs.contains(id)) {
            invented.push((name, version, finding["id"].clone()));
        }
        said.extend(ids);
    }
    let missed: Vec<&Said> = theirs.difference(&said).collect();
    assert!(missed.is_empty() && invented.is_empty(), "{kinds:?}: missed {missed:?}, invented {invented:?}");
    theirs.len()
}

#[test]
fn the_neighbours_of_a_bound_lie_on_both_sides() {
    let all = around("1.2.3");
    let sides = |order: std::cmp::Ordering| all.iter().filter(|one| Scheme::Cargo.compare(one, "1.2.3") == Some(order)).count();
    assert_eq!((sides(std::cmp::Ordering::Less), sides(std::cmp::Ordering::Greater)), (2, 1));
}
