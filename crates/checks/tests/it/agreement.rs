//! hadolint and Trivy speak where we speak, and are silent where we are, but for differences that have a reason.
//! `docs/agreement.md` is made of the comparison: `PLIMSOLL_TEST_WRITE_DOCS=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use checks::dockerfile::check;
use checks::dockerfile::rules::{ALL, by_id};

use crate::cases::CASES;
use crate::differences::DIFFERENCES;
use crate::peers::{Said, hadolint, trivy, write};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/agreement.md");

/// In how many files which side speaks by one alias.
#[derive(Default)]
struct Row {
    both: usize,
    ours: usize,
    theirs: usize,
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

/// All files that are compared.
pub(crate) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = ALL.iter().flat_map(|rule| [rule.bad.to_owned(), rule.good.to_owned()]).collect();
    let cases = CASES.iter().map(|case| {
        if case.starts_with("FROM") || (case.starts_with("ARG") && case.contains("\nFROM")) {
            format!("{case}\n")
        } else {
            format!("FROM debian:12\n{case}\n")
        }
    });
    texts.extend(cases);
    texts.extend(combined());
    texts
}

/// The aliases of the rules that speak, where the text can be read.
fn ours(text: &str) -> Option<BTreeSet<String>> {
    let found = check(text).ok()?;
    Some(found.hits.iter().flat_map(|(id, _)| by_id(id).unwrap().aliases).map(|&alias| alias.to_owned()).collect())
}

fn compare(rows: &mut BTreeMap<&'static str, Row>, prefix: &str, ours: &Said, theirs: &Said) {
    let aliases: BTreeSet<&str> =
        ALL.iter().flat_map(|rule| rule.aliases).copied().filter(|alias| alias.starts_with(prefix)).collect();
    for (ours, theirs) in ours.iter().zip(theirs) {
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        for &alias in &aliases {
            let row = rows.entry(alias).or_default();
            match (ours.contains(alias), theirs.contains(alias)) {
                (true, true) => row.both += 1,
                (true, false) => row.ours += 1,
                (false, true) => row.theirs += 1,
                (false, false) => {}
            }
        }
    }
}

fn page(rows: &BTreeMap<&str, Row>, files: usize) -> String {
    let mut out = format!(
        "# How our rules agree with hadolint and Trivy\n\nhadolint and Trivy run over the same {files} Dockerfiles as `plimsoll check`: the \
         examples of all rules, alone and three at a time, and corner cases. A file counts for a rule as **both**, **ours only** or \
         **theirs only**. The files are made to provoke, so that differences are far more frequent here than in files people write.\n\n\
         | their rule | ours | both | ours only | theirs only | why we differ |\n|---|---|---|---|---|---|\n"
    );
    for (alias, row) in rows {
        let ids: Vec<&str> = ALL.iter().filter(|rule| rule.aliases.contains(alias)).map(|rule| rule.id).collect();
        let reasons: Vec<&str> = DIFFERENCES.iter().filter(|(of, _)| of == alias).map(|(_, reason)| *reason).collect();
        let Row { both, ours, theirs } = row;
        let _ = writeln!(out, "| {alias} | {} | {both} | {ours} | {theirs} | {} |", ids.join(", "), reasons.join(" "));
    }
    out.push_str(LEFT_OUT);
    out
}

const LEFT_OUT: &str = "
## What we leave out

| their rule | why |
|---|---|
| DL1001 | A comment that takes a rule out is a decision of whoever wrote it; how many places it takes out is counted. |
| DL3026, DL3049, DL3050 | They need a list of registries or labels that somebody configured. A policy of `plimsoll` says which registries are trusted. |
| DL3058 | No key of the image specification holds an e-mail address alone: `authors` is free text. |
| DL3061 | Docker refuses such a file, and so it is told as one that cannot be read, with its line. |
| SC… | ShellCheck's own rules are left to ShellCheck. |
| DS-0024 | Trivy took it out; PLM-D040 speaks of it. |
| DKL-LI-… | They are about what is in the image, not about how it is built. |
";

#[test]
fn peers_say_the_same() {
    let texts = texts();
    let folder = tempfile::tempdir().unwrap();
    let files = write(folder.path(), &texts);
    assert!(files.len() >= 200);
    let (Some(by_hadolint), Some(by_trivy)) = (hadolint(&files), trivy(folder.path(), &files)) else { return };
    let ours: Said = texts.iter().map(|text| ours(text)).collect();
    let mut rows = BTreeMap::new();
    compare(&mut rows, "DL", &ours, &by_hadolint);
    compare(&mut rows, "DS", &ours, &by_trivy);
    let differing: BTreeSet<&str> = rows.iter().filter(|(_, row)| row.ours + row.theirs > 0).map(|(alias, _)| *alias).collect();
    let explained: BTreeSet<&str> = DIFFERENCES.iter().map(|(alias, _)| *alias).collect();
    let show = |aliases: Vec<&&str>| {
        aliases.iter().map(|alias| format!("{alias} {}/{}", rows[**alias].ours, rows[**alias].theirs)).collect::<Vec<_>>()
    };
    assert_eq!(show(differing.difference(&explained).collect()), [""; 0], "ours only / theirs only");
    assert_eq!(explained.difference(&differing).collect::<Vec<_>>(), [&""; 0], "no longer different");
    let silent: Vec<&&str> = rows.iter().filter(|(_, row)| row.both == 0).map(|(alias, _)| alias).collect();
    // Trivy cannot read where it would speak of the one, and took the other out.
    assert_eq!(silent, [&"DS-0012", &"DS-0024"], "never both");
    let page = page(&rows, texts.len());
    if std::env::var_os("PLIMSOLL_TEST_WRITE_DOCS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "docs/agreement.md is not what the programs say; run this test with PLIMSOLL_TEST_WRITE_DOCS=1");
}
