//! `docs/checks.md` is made of the rules: `PLIMSOLL_TEST_WRITE_DOCS=1` writes it anew.

use std::fmt::Write as _;

use checks::dockerfile::rules::ALL;
use checks::dockerfile::{Mended, mend};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/checks.md");

fn page() -> String {
    let mut out =
        "# Checks\n\nWhat `plimsoll check` looks for. A comment takes a rule out, by our id or that of another tool, for \
                   the instruction below it (`# plimsoll ignore=PLM-D008`, `# hadolint ignore=DL3008`) or for the whole file \
                   (`# plimsoll global ignore=PLM-D008`). `--fix` mends in the file what needs no judgement. How the rules agree with those of hadolint and Trivy, and which of theirs \
                   we leave out, is in [agreement.md](agreement.md).\n\n## Dockerfile\n"
            .to_owned();
    for rule in ALL {
        let aliases = if rule.aliases.is_empty() { String::new() } else { format!(" · {}", rule.aliases.join(", ")) };
        let silent = |mended: &Mended| mended.left.hits.iter().all(|(id, _)| *id != rule.id);
        let fixed = if mend(rule.bad).is_ok_and(|mended| silent(&mended)) { " · `--fix` mends it" } else { "" };
        let _ = writeln!(out, "\n### {} {}\n\n{}{aliases}{fixed}\n", rule.id, rule.title, rule.severity);
        let _ = writeln!(out, "{} {} ([more]({}))\n", rule.why, rule.fix, rule.link);
        let _ = writeln!(out, "```dockerfile\n# bad\n{}```\n\n```dockerfile\n# good\n{}```", rule.bad, rule.good);
    }
    out
}

#[test]
fn the_page_is_current() {
    let page = page();
    if std::env::var_os("PLIMSOLL_TEST_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(PAGE).parent().unwrap()).unwrap();
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "docs/checks.md is not what the rules say; run this test with PLIMSOLL_TEST_WRITE_DOCS=1");
}
