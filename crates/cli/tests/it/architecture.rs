//! The arrows of ARCHITECTURE.md: which room may know which.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each room may depend on, of this workspace.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("model", &[]),
    ("client", &[]),
    ("image", &["client", "model"]),
    ("indexer", &["image", "model"]),
    ("advisory", &["client", "model"]),
    ("matcher", &["advisory", "model"]),
    ("policy", &["model"]),
    ("report", &["model"]),
    ("checks", &["model"]),
    ("cli", &["advisory", "checks", "client", "image", "indexer", "matcher", "model", "policy", "report"]),
    ("testing", &["model"]),
];

/// What must never be in the tree below these rooms.
const KEPT_OUT: [(&str, &[&str]); 4] = [
    ("model", &["tokio", "reqwest", "rayon", "memmap2"]),
    ("matcher", &["tokio", "reqwest"]),
    ("checks", &["tokio", "bollard", "reqwest", "rayon"]),
    ("policy", &["tokio", "reqwest", "rayon", "memmap2", "chrono"]),
];

fn metadata(arguments: &[&str]) -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn arrows_run_down_only() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ALLOWED.iter().map(|(room, below)| (*room, below.iter().copied().collect())).collect();
    let metadata = metadata(&["--no-deps"]);
    for package in metadata["packages"].as_array().unwrap() {
        let room = package["name"].as_str().unwrap();
        let below = allowed
            .get(room)
            .unwrap_or_else(|| panic!("{room} is a new room: say in this test and in ARCHITECTURE.md what it may know"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            if dependency["kind"] == "dev" || !allowed.contains_key(name) {
                continue;
            }
            assert!(below.contains(name), "{room} must not know {name}");
        }
    }
}

#[test]
fn pure_rooms_stay_pure() {
    // What other platforms alone need was never fetched.
    let metadata = metadata(&["--filter-platform", &format!("{}-unknown-linux-gnu", std::env::consts::ARCH)]);
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let normal = node["deps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null()));
        below.insert(node["id"].as_str().unwrap(), normal.map(|dependency| dependency["pkg"].as_str().unwrap()).collect());
    }
    for (room, kept_out) in KEPT_OUT {
        let start = names.iter().find(|(_, name)| **name == room).map(|(id, _)| *id).unwrap();
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![start]);
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(&below[id]);
                assert!(!kept_out.contains(&names[id]), "{room} must not depend on {}, however far below", names[id]);
            }
        }
    }
}
