//! `docs/secrets.md` is made of the rules: `PLIMSOLL_TEST_WRITE_DOCS=1` writes it anew.

use std::fmt::Write as _;

use indexer::secret::SecretRules;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/secrets.md");
const HEAD: &str = include_str!("secret_rules/head.md");

#[test]
fn the_page_tells_every_rule() {
    let rules = SecretRules::built_in();
    let list = rules.list();
    let mut page = HEAD.replace("{number}", &list.len().to_string());
    page.push_str("\n| rule | what it is | severity |\n|---|---|---|\n");
    for (id, name, severity) in list {
        let _ = writeln!(page, "| `{id}` | {} | {severity} |", name.replace('|', "\\|"));
    }
    if std::env::var_os("PLIMSOLL_TEST_WRITE_DOCS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "docs/secrets.md is not what the rules say; run this test with PLIMSOLL_TEST_WRITE_DOCS=1");
}

#[test]
fn the_example_of_own_rules_works() {
    let example = HEAD.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let rules = SecretRules::with(example).unwrap();
    let text = ["ticket = ACME-", "7h2k9d3m5q8w1x4z\nACME_DOOR_CODE=", "x7Kq92LmZw\n"].concat();
    let found: Vec<String> = rules.search("srv/app.conf", text.as_bytes()).into_iter().map(|one| one.rule).collect();
    assert_eq!(found, ["acme-ticket", "acme-door"]);
    assert!(rules.search("srv/examples/app.conf", text.as_bytes()).iter().all(|one| one.rule != "acme-ticket"));
}
