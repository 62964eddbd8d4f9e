//! hadolint speaks where we speak, and is silent where we are: on every example of every rule that both have.

use std::collections::BTreeSet;
use std::process::Command;

use checks::dockerfile::check;
use checks::dockerfile::rules::{ALL, by_id};

/// The codes hadolint reports of a text.
fn hadolint(mut command: Command, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Dockerfile");
    std::fs::write(&file, text).unwrap();
    let output = command.args(["--no-fail", "--format", "tty", "--no-color"]).arg(&file).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().filter(|word| word.starts_with("DL")).map(str::to_owned).collect()
}

fn shared(rule: &checks::dockerfile::Rule) -> Vec<&'static str> {
    rule.aliases.iter().copied().filter(|alias| alias.starts_with("DL")).collect()
}

/// Examples behind one another, as one file of several stages and rules.
fn combined() -> Vec<String> {
    let examples: Vec<&str> = ALL.iter().flat_map(|rule| [rule.bad, rule.good]).collect();
    let body = |text: &str| {
        text.lines().filter(|line| !line.starts_with("FROM debian")).fold(String::new(), |all, line| all + line + "\n")
    };
    let triple = |number: usize| {
        let at = |step: usize| examples[(number * step + step) % examples.len()];
        format!("{}{}{}", at(1), body(at(7)), body(at(13)))
    };
    (0..240).map(triple).collect()
}

#[test]
fn combined_examples_say_the_same() {
    let Some(mut command) = testing::peer("hadolint") else { return };
    let folder = tempfile::tempdir().unwrap();
    let texts = combined();
    let files: Vec<_> = (0..texts.len()).map(|number| folder.path().join(format!("{number:03}.Dockerfile"))).collect();
    for (file, text) in files.iter().zip(&texts) {
        std::fs::write(file, text).unwrap();
    }
    let output = command.args(["--no-fail", "--format", "tty", "--no-color"]).args(&files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let codes: BTreeSet<&str> = ALL.iter().copied().flat_map(shared).collect();
    let mut differences = BTreeSet::new();
    for (file, text) in files.iter().zip(&texts) {
        let name = file.display().to_string();
        let theirs: BTreeSet<&str> =
            said.lines().filter(|line| line.starts_with(&name)).filter_map(|line| line.split_whitespace().nth(1)).collect();
        let found = check(text).unwrap();
        let ours: BTreeSet<&str> = found.hits.iter().flat_map(|(id, _)| shared(by_id(id).unwrap())).collect();
        differences.extend(codes.iter().copied().filter(|code| theirs.contains(code) != ours.contains(code)));
    }
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn examples_say_the_same() {
    let mut differences = Vec::new();
    for rule in ALL.iter().filter(|rule| !shared(rule).is_empty()) {
        for (text, speaks) in [(rule.bad, true), (rule.good, false)] {
            let Some(command) = testing::peer("hadolint") else { return };
            let theirs = hadolint(command, text).iter().any(|code| shared(rule).contains(&code.as_str()));
            assert_eq!(check(text).unwrap().hits.iter().any(|(id, _)| *id == rule.id), speaks);
            if theirs != speaks {
                differences.push(rule.id);
            }
        }
    }
    assert_eq!(differences, [""; 0]);
}
